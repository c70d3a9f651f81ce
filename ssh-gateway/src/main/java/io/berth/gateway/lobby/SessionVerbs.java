// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.gateway.lobby.Verb.Names;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Verbs about what goes on over SSH. */
final class SessionVerbs {
    private static final List<String> JSON = List.of("--json");
    private static final int MOST_IDS = 100; // of one command line

    private SessionVerbs() {}

    static List<Verb> all() {
        return List.of(
                new Verb(
                        "sessions",
                        "[--json]",
                        "lists the open SSH sessions",
                        JSON,
                        Names.NONE,
                        false,
                        SessionVerbs::sessions),
                new Verb("kill", "ID…", "ends SSH sessions", List.of(), Names.NONE, true, SessionVerbs::kill),
                new Verb(
                        "explain",
                        "NAME [--json]",
                        "shows what came of the last logins to a container, and what would come of one now",
                        JSON,
                        Names.CONTAINERS,
                        false,
                        SessionVerbs::explain));
    }

    private static int sessions(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        arguments.names(0, 0);
        List<JsonNode> items = Lists.all(visitor, visitor.path("ssh-sessions"));
        if (arguments.has("--json")) {
            console.json(Lists.array(items));
            return Lobby.DONE;
        }
        Table table = new Table("ID", "CONTAINER", "USER", "KIND", "FROM", "SINCE", "ACTIVE", "IN", "OUT");
        for (JsonNode item : items) {
            table.row(
                    LookVerbs.text(item, "id"),
                    LookVerbs.text(item, "container"),
                    LookVerbs.text(item, "guestUser"),
                    LookVerbs.text(item, "kind"),
                    LookVerbs.text(item, "source"),
                    LookVerbs.minute(item, "startedAt"),
                    LookVerbs.minute(item, "activeAt"),
                    Figures.size(item.path("bytesIn").asLong()),
                    Figures.size(item.path("bytesOut").asLong()));
        }
        table.print(console);
        return Lobby.DONE;
    }

    private static int kill(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        for (String id : arguments.names(1, MOST_IDS)) {
            visitor.rest().delete(visitor.path("ssh-sessions/" + Visitor.segment(id)));
        }
        return Lobby.DONE;
    }

    private static int explain(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String name = arguments.names(1, 1).getFirst();
        JsonNode container = visitor.rest().get(visitor.container(name));
        JsonNode events = events(visitor, LookVerbs.text(container, "name"), console);
        if (arguments.has("--json")) {
            console.json(events);
            return Lobby.DONE;
        }
        Table table = new Table("WHEN", "WHAT", "OUTCOME", "AS", "FROM", "KEY", "ABOUT");
        for (JsonNode event : events) {
            table.row(
                    second(event),
                    LookVerbs.text(event, "kind"),
                    LookVerbs.text(event, "outcome"),
                    LookVerbs.text(event, "userName"),
                    LookVerbs.text(event, "source"),
                    LookVerbs.text(event, "key"),
                    event.path("what").asString(""));
        }
        table.print(console);
        console.line("now: " + now(container));
        return Lobby.DONE;
    }

    /** They hold what colleagues ran, so not everybody may see them. */
    private static JsonNode events(Visitor visitor, String name, Console console)
            throws RefusedException, SilentException, InterruptedException {
        try {
            return visitor.rest()
                    .get(visitor.path("ssh-events?limit=20&container=" + name))
                    .path("items");
        } catch (RefusedException e) {
            if (e.isOver()) {
                throw e;
            }
            console.error("what came of earlier logins: " + e.getMessage());
            return JsonNodeFactory.instance.arrayNode();
        }
    }

    private static String now(JsonNode container) {
        String name = LookVerbs.text(container, "name");
        if (!container.path("quarantine").isNull()
                && !container.path("quarantine").isMissingNode()) {
            return "nobody gets in to '" + name + "': it is in quarantine; contact the platform's operator";
        }
        return switch (LookVerbs.text(container, "state")) {
            case "RUNNING" -> "a login to '" + name + "' gets in";
            case "STOPPED" ->
                LookVerbs.text(container, "desiredState").equals("STOPPED")
                        ? "a login to '" + name + "' with a terminal starts it; a command is told that it is stopped"
                        : "a login to '" + name + "' starts it: it should run";
            case "FROZEN" -> "a login to '" + name + "' waits: it is frozen";
            default -> "a login to '" + name + "' is told that it is not there yet";
        };
    }

    private static String second(JsonNode event) {
        String time = event.path("at").asString("");
        int dot = time.indexOf('.');
        return (dot < 0 ? time : time.substring(0, dot)).replace('T', ' ').replace("Z", "");
    }
}
