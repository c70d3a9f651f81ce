// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The portal's client is generated from web/openapi.json: all that this says must be so. What is new since then harms nobody. */
@ExtendWith(SharedPlatform.class)
class PortalContractIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path GENERATED_FROM = Path.of("../web/openapi.json");
    private static final Path SERVED = Path.of("target/openapi.json");
    private static final Set<String> PROSE =
            Set.of("description", "summary", "example", "examples", "info", "operationId", "tags");

    private final JsonNode served;

    PortalContractIT(RunningPlatform platform) throws IOException {
        this.served = platform.anonymous().get("//v3/api-docs").json();
        Files.writeString(
                SERVED, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(withoutServers(served)) + "\n");
    }

    @Test
    void whatThePortalWasGeneratedFromIsServed() throws IOException {
        List<String> stale = new ArrayList<>();
        compare("", JSON.readTree(Files.readString(GENERATED_FROM)), served, stale);
        assertThat(stale)
                .as("web/openapi.json is stale; in web/, run 'npm run api', which takes what this test was served, "
                        + "then 'npm run types', and mend what no longer fits")
                .isEmpty();
    }

    /** A server's address has the test's port. */
    private static JsonNode withoutServers(JsonNode document) {
        var copy = document.deepCopy().asObject();
        copy.remove("servers");
        return copy;
    }

    private static void compare(String where, JsonNode wanted, JsonNode found, List<String> stale) {
        if (wanted.isObject() && found.isObject()) {
            wanted.properties().stream()
                    .filter(entry -> !PROSE.contains(entry.getKey()) || where.endsWith("/properties"))
                    .forEach(entry ->
                            compare(where + "/" + entry.getKey(), entry.getValue(), found.path(entry.getKey()), stale));
        } else if (where.endsWith("/parameters")) {
            compareParameters(where, wanted, found, stale);
        } else if (wanted.isArray() && found.isArray()) {
            if (!elements(found).containsAll(elements(wanted))) {
                stale.add(where + ": " + wanted + " is now " + found);
            }
        } else if (!wanted.equals(found)) {
            stale.add(where + ": " + wanted + " is now " + (found.isMissingNode() ? "gone" : found.toString()));
        }
    }

    private static void compareParameters(String where, JsonNode wanted, JsonNode found, List<String> stale) {
        for (JsonNode parameter : wanted) {
            String name = parameter.path("name").asString();
            JsonNode same = found.valueStream()
                    .filter(it -> it.path("name").asString().equals(name))
                    .findFirst()
                    .orElseGet(() -> found.path(name));
            compare(where + "/" + name, parameter, same, stale);
        }
    }

    private static Set<JsonNode> elements(JsonNode array) {
        return array.valueStream().collect(Collectors.toSet());
    }
}
