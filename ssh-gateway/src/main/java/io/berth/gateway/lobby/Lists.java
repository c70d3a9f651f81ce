// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Whole lists out of pages. */
final class Lists {
    private static final int MOST_PAGES = 100; // of 500

    private Lists() {}

    /** @param path without a query */
    static List<JsonNode> all(Visitor visitor, String path)
            throws RefusedException, SilentException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode answer = visitor.rest().get(path + "?limit=500" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            answer.path("items").forEach(items::add);
            cursor = answer.path("next").asString("");
            if (cursor.isEmpty()) {
                break;
            }
        }
        return items;
    }

    static JsonNode array(List<JsonNode> items) {
        return JsonNodeFactory.instance.arrayNode().addAll(items);
    }
}
