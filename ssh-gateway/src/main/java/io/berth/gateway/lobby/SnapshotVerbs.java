// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.gateway.lobby.Verb.Names;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Verbs that keep a container's files as they are, and bring them back. */
final class SnapshotVerbs {
    /** As the platform wants names; ids have the same letters, and none of these leads elsewhere in a path. */
    private static final Pattern SNAPSHOT = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");

    private SnapshotVerbs() {}

    static List<Verb> all() {
        return List.of(
                new Verb(
                        "snapshots",
                        "NAME [--json]",
                        "lists a container's snapshots",
                        List.of("--json"),
                        Names.CONTAINERS,
                        false,
                        SnapshotVerbs::list),
                new Verb(
                        "snapshot",
                        "NAME [SNAPSHOT]",
                        "keeps a container's files as they are now",
                        List.of(),
                        Names.CONTAINERS,
                        true,
                        SnapshotVerbs::take),
                new Verb(
                        "restore",
                        "NAME SNAPSHOT",
                        "makes a container's files what they were; what came since is lost",
                        List.of(),
                        Names.CONTAINERS,
                        true,
                        SnapshotVerbs::restore));
    }

    private static String snapshots(Visitor visitor, String container) {
        return visitor.container(container) + "/snapshots";
    }

    private static int list(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String container = arguments.names(1, 1).getFirst();
        JsonNode items = visitor.rest().get(snapshots(visitor, container)).path("items");
        if (arguments.has("--json")) {
            console.json(items);
            return Lobby.DONE;
        }
        Table table = new Table("SNAPSHOT", "STATE", "TAKEN");
        for (JsonNode item : items) {
            table.row(
                    item.path("name").asString("-"),
                    item.path("state").asString("-").toLowerCase(Locale.ROOT),
                    LookVerbs.minute(item, "takenAt"));
        }
        table.print(console);
        return Lobby.DONE;
    }

    private static int take(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        List<String> names = arguments.names(1, 2);
        JsonNode body = names.size() < 2 ? null : named(names.get(1));
        return Work.finish(visitor, console, visitor.rest().post(snapshots(visitor, names.getFirst()), body));
    }

    private static JsonNode named(String name) {
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }

    private static int restore(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        List<String> names = arguments.names(2, 2);
        String container = names.getFirst();
        String snapshot = names.get(1);
        String path = snapshots(visitor, container) + "/" + segment(snapshot, container) + "/restore";
        if (!console.isSure("put container '" + container + "' back to '" + snapshot + "'? What came since is lost")) {
            console.error("container '" + container + "' stays as it is");
            return Lobby.REFUSED;
        }
        return Work.finish(visitor, console, visitor.rest().post(path, null));
    }

    private static String segment(String snapshot, String container) {
        if (!SNAPSHOT.matcher(snapshot).matches()) {
            throw new UsageException("'" + snapshot + "' is no snapshot's name; 'snapshots " + container
                    + "' shows those that there are");
        }
        return snapshot;
    }
}
