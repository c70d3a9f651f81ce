// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import tools.jackson.databind.JsonNode;

/** Waits for what the platform has accepted, and tells how it goes. */
final class Work {
    private static final String WAIT = "20s"; // less than Rest's patience

    private Work() {}

    /** @return the exit status: 0 once it is done, 1 when it failed */
    static int finish(Visitor visitor, Console console, JsonNode accepted)
            throws RefusedException, SilentException, InterruptedException {
        JsonNode operation = accepted;
        String shown = "";
        while (!isFinished(operation)) {
            String progress = operation.path("progress").asString("");
            if (console.isInteractive() && !progress.isEmpty() && !progress.equals(shown)) {
                console.error(progress);
                shown = progress;
            }
            String id = Visitor.segment(operation.path("id").asString(""));
            operation = visitor.rest().get("operations/" + id + "?wait=" + WAIT);
        }
        if (operation.path("state").asString("").equals("SUCCEEDED")) {
            return Lobby.DONE;
        }
        console.error(operation.path("error").path("detail").asString("it was called off"));
        return Lobby.REFUSED;
    }

    private static boolean isFinished(JsonNode operation) {
        return switch (operation.path("state").asString("")) {
            case "PENDING", "RUNNING" -> false;
            default -> true;
        };
    }
}
