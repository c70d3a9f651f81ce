// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.gateway.lobby.Verb.Names;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Verbs that only look. */
final class LookVerbs {
    private static final List<String> JSON = List.of("--json");
    private static final int DATE_AND_MINUTE = 16; // 2026-11-26T02:15

    private LookVerbs() {}

    static List<Verb> all() {
        return List.of(
                look("ls", "[--json]", "lists the containers", Names.NONE, LookVerbs::list),
                look("images", "[--json]", "lists what containers can be made from", Names.NONE, LookVerbs::images),
                look("usage", "[NAME] [--json]", "shows what containers use", Names.CONTAINERS, LookVerbs::usage),
                look("keys", "[--json]", "lists the tenant's SSH keys", Names.NONE, LookVerbs::keys),
                look(
                        "denials",
                        "NAME [--json]",
                        "shows what the kernel's rules denied a container",
                        Names.CONTAINERS,
                        LookVerbs::denials),
                look(
                        "passport",
                        "NAME [--json]",
                        "shows what holds a container in, by the kernel's word",
                        Names.CONTAINERS,
                        LookVerbs::passport),
                new Verb(
                        "console",
                        "NAME",
                        "shows what a container wrote to its console",
                        List.of(),
                        Names.CONTAINERS,
                        false,
                        LookVerbs::console),
                new Verb("whoami", "", "shows who you are here", List.of(), Names.NONE, false, LookVerbs::who));
    }

    private static Verb look(String name, String usage, String summary, Names names, Verb.Action action) {
        return new Verb(name, usage, summary, JSON, names, false, action);
    }

    private static int list(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        arguments.names(0, 0);
        List<JsonNode> items = Lists.all(visitor, visitor.path("containers"));
        if (arguments.has("--json")) {
            console.json(Lists.array(items));
            return Lobby.DONE;
        }
        Table table = new Table("NAME", "STATE", "IMAGE", "ADDRESS", "MEMORY", "CPUS", "MADE");
        for (JsonNode item : items) {
            table.row(
                    text(item, "name"),
                    state(item),
                    text(item, "imageAlias"),
                    item.path("addresses").path(0).asString("-"),
                    Figures.size(item.path("limits").path("memoryBytes").asLong()),
                    Figures.cpus(item.path("limits").path("milliCpus").asLong()),
                    minute(item, "createdAt"));
        }
        table.print(console);
        return Lobby.DONE;
    }

    private static String state(JsonNode container) {
        if (!container.path("quarantine").isNull()
                && !container.path("quarantine").isMissingNode()) {
            return "quarantine";
        }
        String state = container.path("state").asString("");
        return state.isEmpty() ? "being made" : state.toLowerCase(java.util.Locale.ROOT);
    }

    private static int images(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        arguments.names(0, 0);
        JsonNode items = visitor.rest().get("images").path("items");
        if (arguments.has("--json")) {
            console.json(items);
            return Lobby.DONE;
        }
        Table table = new Table("IMAGE", "ARCHITECTURE", "SIZE", "BUILT");
        for (JsonNode item : items) {
            if (item.path("current").asBoolean(false)) {
                table.row(
                        text(item, "alias"),
                        text(item, "architecture"),
                        Figures.size(item.path("sizeBytes").asLong()),
                        minute(item, "builtAt"));
            }
        }
        table.print(console);
        return Lobby.DONE;
    }

    private static int usage(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        List<String> names = arguments.names(0, 1);
        List<JsonNode> figures = new ArrayList<>();
        for (String name : names.isEmpty() ? running(visitor) : names) {
            figures.add(visitor.rest().get(visitor.container(name) + "/usage"));
        }
        if (arguments.has("--json")) {
            console.json(Lists.array(figures));
            return Lobby.DONE;
        }
        Table table = new Table("NAME", "CPU TIME", "MEMORY", "OF", "TASKS", "OF", "SINCE");
        for (JsonNode figure : figures) {
            table.row(
                    text(figure, "name"),
                    Figures.seconds(figure.path("cpuMicros").asLong()),
                    Figures.size(figure.path("memoryBytes").asLong()),
                    Figures.size(figure.path("limits").path("memoryBytes").asLong()),
                    figure.path("pids").asString("-"),
                    figure.path("limits").path("pids").asString("-"),
                    minute(figure, "since"));
        }
        table.print(console);
        return Lobby.DONE;
    }

    private static List<String> running(Visitor visitor)
            throws RefusedException, SilentException, InterruptedException {
        return Lists.all(visitor, visitor.path("containers")).stream()
                .filter(container -> container.path("state").asString("").equals("RUNNING"))
                .map(container -> text(container, "name"))
                .toList();
    }

    private static int keys(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        arguments.names(0, 0);
        List<JsonNode> items = Lists.all(visitor, visitor.path("ssh-keys"));
        if (arguments.has("--json")) {
            console.json(Lists.array(items));
            return Lobby.DONE;
        }
        Table table = new Table("", "NAME", "FINGERPRINT", "TYPE", "ADDED", "LAST USED");
        for (JsonNode item : items) {
            table.row(
                    text(item, "fingerprint").equals(visitor.key()) ? "*" : "",
                    text(item, "name"),
                    text(item, "fingerprint"),
                    text(item, "type"),
                    minute(item, "createdAt"),
                    minute(item, "lastUsedAt"));
        }
        table.print(console);
        return Lobby.DONE;
    }

    private static int denials(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String name = arguments.names(1, 1).getFirst();
        JsonNode denials = visitor.rest().get(visitor.container(name) + "/denials");
        if (arguments.has("--json")) {
            console.json(denials);
            return Lobby.DONE;
        }
        Table table = new Table("LAST", "TIMES", "RULE", "CALL", "ERROR", "PROCESS");
        for (JsonNode denial : denials.path("recent")) {
            table.row(
                    minute(denial, "last"),
                    denial.path("times").asString("-"),
                    text(denial, "rule"),
                    text(denial, "call"),
                    text(denial, "error"),
                    text(denial, "process"));
        }
        table.print(console);
        return Lobby.DONE;
    }

    private static int passport(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String name = arguments.names(1, 1).getFirst();
        JsonNode passport = visitor.rest().get(visitor.container(name) + "/passport");
        if (arguments.has("--json")) {
            console.json(passport);
            return Lobby.DONE;
        }
        Table table = new Table("ITEM", "FOUND", "");
        boolean differs = false;
        for (JsonNode line : passport.path("lines")) {
            boolean isDrift = text(line, "verdict").equals("DRIFT");
            differs |= isDrift;
            table.row(
                    text(line, "item"),
                    text(line, "found"),
                    isDrift ? "DRIFT: policy wants " + text(line, "expected") : "");
        }
        table.print(console);
        return differs ? Lobby.REFUSED : Lobby.DONE;
    }

    private static int console(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String name = arguments.names(1, 1).getFirst();
        visitor.rest()
                .get(visitor.container(name) + "/console")
                .asString("")
                .lines()
                .forEach(console::line);
        return Lobby.DONE;
    }

    private static int who(Visitor visitor, Arguments arguments, Console console) {
        arguments.names(0, 0);
        console.line("tenant " + visitor.tenant() + ", key " + visitor.key() + ", in the name of " + visitor.person()
                + ", from " + visitor.source());
        return Lobby.DONE;
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asString("-");
    }

    /** A time as it stands in the platform's answers, without seconds. */
    static String minute(JsonNode node, String field) {
        String time = node.path(field).asString("");
        return time.length() < DATE_AND_MINUTE
                ? "-"
                : time.substring(0, DATE_AND_MINUTE).replace('T', ' ');
    }
}
