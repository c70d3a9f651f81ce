// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import io.berth.gateway.lobby.Verb.Names;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Verbs about ports of the node that lead to a container. */
final class PortVerbs {
    private static final Pattern PORT = Pattern.compile("([0-9]{1,5})(?:/(tcp|udp))?");

    private PortVerbs() {}

    static List<Verb> all() {
        return List.of(
                new Verb(
                        "ports",
                        "NAME [--json]",
                        "lists the ports of this host that lead to a container",
                        List.of("--json"),
                        Names.CONTAINERS,
                        false,
                        PortVerbs::list),
                new Verb(
                        "publish",
                        "NAME PORT[/udp] [HOSTPORT]",
                        "lets a port of this host, one that is free unless you name it, lead to a container's",
                        List.of(),
                        Names.CONTAINERS,
                        true,
                        PortVerbs::publish),
                new Verb(
                        "unpublish",
                        "NAME HOSTPORT[/udp]",
                        "closes a port of this host; connections through it end",
                        List.of(),
                        Names.CONTAINERS,
                        true,
                        PortVerbs::unpublish));
    }

    /** What was typed. */
    private record Port(int number, String protocol) {
        static Port of(String text) {
            Matcher port = PORT.matcher(text);
            if (!port.matches()) {
                throw new UsageException("'" + text + "' is no port; write 80, 80/tcp or 53/udp");
            }
            return new Port(Integer.parseInt(port.group(1)), port.group(2) == null ? "tcp" : port.group(2));
        }

        /** As the platform names it. */
        String protocolName() {
            return protocol.toUpperCase(Locale.ROOT);
        }
    }

    private static String ports(Visitor visitor, String container) {
        return visitor.container(container) + "/ports";
    }

    private static int list(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        String container = arguments.names(1, 1).getFirst();
        JsonNode items = visitor.rest().get(ports(visitor, container)).path("items");
        if (arguments.has("--json")) {
            console.json(items);
            return Lobby.DONE;
        }
        Table table = new Table("PORT", "LEADS TO", "STATE");
        for (JsonNode item : items) {
            table.row(
                    shown(item),
                    container + ":" + item.path("containerPort").asString("-"),
                    item.path("state").asString("-").toLowerCase(Locale.ROOT));
        }
        table.print(console);
        return Lobby.DONE;
    }

    private static String shown(JsonNode item) {
        return item.path("hostPort").asString("-") + "/"
                + item.path("protocol").asString("-").toLowerCase(Locale.ROOT);
    }

    private static int publish(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        List<String> names = arguments.names(2, 3);
        String container = names.getFirst();
        Port port = Port.of(names.get(1));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("containerPort", port.number()).put("protocol", port.protocolName());
        if (names.size() == 3) {
            body.put("hostPort", Port.of(names.get(2)).number());
        }
        String path = ports(visitor, container);
        int status = Work.finish(visitor, console, visitor.rest().post(path, body));
        if (status == Lobby.DONE) {
            for (JsonNode item : visitor.rest().get(path).path("items")) {
                if (item.path("containerPort").asInt(0) == port.number()
                        && item.path("protocol").asString("").equals(port.protocolName())) {
                    console.line(shown(item));
                }
            }
        }
        return status;
    }

    private static int unpublish(Visitor visitor, Arguments arguments, Console console)
            throws RefusedException, SilentException, InterruptedException {
        List<String> names = arguments.names(2, 2);
        Port port = Port.of(names.get(1));
        String path = ports(visitor, names.getFirst()) + "/" + port.protocol() + "-" + port.number();
        return Work.finish(visitor, console, visitor.rest().delete(path));
    }
}
