// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.gateway.lobby.Verb.Names;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Verbs about files that outlive containers, and that several may have at once. */
final class VolumeVerbs {
    /** What comes after the verb, as with {@code berth volume} on the node. */
    static final List<String> WORDS = List.of("ls", "new", "resize", "rm", "attach", "detach");

    private VolumeVerbs() {}

    static List<Verb> all() {
        return List.of(new Verb(
                "volume",
                "ls [--json] | new VOLUME SIZE | resize VOLUME SIZE | rm VOLUME"
                        + " | attach NAME VOLUME PATH [--read-only] | detach NAME VOLUME",
                "files that outlive containers, and that several may have at once; one that runs gets and loses them at once",
                List.of("--json", "--read-only"),
                Names.VOLUMES,
                true,
                VolumeVerbs::run));
    }

    private static int run(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        List<String> words = arguments.names(1, 4);
        String verb = words.getFirst();
        List<String> names = words.subList(1, words.size());
        requireFits(arguments, "--json", verb, "ls");
        requireFits(arguments, "--read-only", verb, "attach");
        return switch (verb) {
            case "ls" -> {
                counted(names, 0);
                yield list(visitor, arguments.has("--json"), console);
            }
            case "new" -> make(visitor, counted(names, 2), console);
            case "resize" -> resize(visitor, counted(names, 2), console);
            case "rm" -> remove(visitor, counted(names, 1).getFirst(), console);
            case "attach" -> attach(visitor, counted(names, 3), arguments.has("--read-only"), console);
            case "detach" -> detach(visitor, counted(names, 2), console);
            default -> throw new UsageException("'volume' does not " + verb + "; it does " + String.join(", ", WORDS));
        };
    }

    private static void requireFits(Arguments arguments, String option, String verb, String whose) {
        if (arguments.has(option) && !verb.equals(whose)) {
            throw new UsageException(option + " is an option of 'volume " + whose + "'");
        }
    }

    private static List<String> counted(List<String> names, int wanted) {
        if (names.size() != wanted) {
            throw new UsageException(names.size() < wanted ? "something is missing" : "there is too much");
        }
        return names;
    }

    private static String volume(Visitor visitor, String name) {
        if (!Visitor.isSegment(name)) {
            throw new UsageException("'" + name + "' is no volume's name; 'volume ls' shows those that there are");
        }
        return visitor.path("volumes/" + name);
    }

    private static int list(Visitor visitor, boolean json, Console console)
            throws RefusedException, SilentException, InterruptedException {
        List<JsonNode> items = Lists.all(visitor, visitor.path("volumes"));
        if (json) {
            console.json(JsonNodeFactory.instance.arrayNode().addAll(items));
            return Lobby.DONE;
        }
        Table table = new Table("VOLUME", "STATE", "SIZE", "CONTAINERS");
        for (JsonNode item : items) {
            table.row(
                    item.path("name").asString("-"),
                    item.path("state").asString("-").toLowerCase(Locale.ROOT),
                    Figures.size(item.path("diskBytes").asLong(0)),
                    containers(item));
        }
        table.print(console);
        return Lobby.DONE;
    }

    /** {@code web:/srv/data, blog:/srv/data (read-only)}. */
    private static String containers(JsonNode volume) {
        String all = volume.path("containers")
                .valueStream()
                .map(it -> it.path("name").asString("-") + ":" + it.path("path").asString("-")
                        + (it.path("readOnly").asBoolean(false) ? " (read-only)" : ""))
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "-" : all;
    }

    private static int make(Visitor visitor, List<String> words, Console console)
            throws RefusedException, SilentException, InterruptedException {
        ObjectNode body = size(words.get(1)).put("name", words.getFirst());
        return Work.finish(visitor, console, visitor.rest().post(visitor.path("volumes"), body));
    }

    private static int resize(Visitor visitor, List<String> words, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String path = volume(visitor, words.getFirst());
        return Work.finish(visitor, console, visitor.rest().patch(path, size(words.get(1))));
    }

    private static ObjectNode size(String text) {
        return JsonNodeFactory.instance.objectNode().put("diskBytes", Figures.bytes("SIZE", text));
    }

    private static int remove(Visitor visitor, String name, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String path = volume(visitor, name);
        if (!console.isSure("delete volume '" + name + "' with all its files?")) {
            console.error("volume '" + name + "' stays");
            return Lobby.REFUSED;
        }
        return Work.finish(visitor, console, visitor.rest().delete(path));
    }

    private static int attach(Visitor visitor, List<String> words, boolean readOnly, Console console)
            throws RefusedException, SilentException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("path", words.get(2));
        body.put("readOnly", readOnly);
        return Work.finish(visitor, console, visitor.rest().put(attached(visitor, words), body));
    }

    private static int detach(Visitor visitor, List<String> words, Console console)
            throws RefusedException, SilentException, InterruptedException {
        return Work.finish(visitor, console, visitor.rest().delete(attached(visitor, words)));
    }

    private static String attached(Visitor visitor, List<String> words) {
        volume(visitor, words.get(1));
        return visitor.container(words.getFirst()) + "/volumes/" + words.get(1);
    }
}
