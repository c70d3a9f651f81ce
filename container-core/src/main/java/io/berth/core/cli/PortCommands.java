// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** Ports of the node that lead to containers. What is changed here holds until the platform changes the same container's. */
final class PortCommands {
    private PortCommands() {}

    /** {@code 80} or {@code 53/udp}. */
    record Port(int number, Protocol protocol) {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,5})(?:/(tcp|udp))?");

        boolean is(PublishedPort port) {
            return port.hostPort() == number && port.protocol() == protocol;
        }
    }

    /** From what was typed. */
    static final class PortText implements ITypeConverter<Port> {
        @Override
        public Port convert(String text) {
            Matcher port = Port.FORM.matcher(text);
            if (!port.matches()) {
                throw new TypeConversionException("'" + text + "' is no port; write 80, 80/tcp or 53/udp");
            }
            String protocol = port.group(2) == null ? "tcp" : port.group(2);
            return new Port(Integer.parseInt(port.group(1)), Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)));
        }
    }

    @Command(name = "ports", description = "List the ports of this node that lead to containers.")
    static final class ListPorts implements Runnable {
        private static final String FORM = "%-12s  %-8s  %-40s  %s%n";

        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        private BerthCommand berth;

        @Option(names = "--json", description = "For programs.")
        private boolean json;

        private record Line(ContainerId container, String name, PublishedPort port) {}

        @Override
        public void run() {
            List<Line> lines = new ArrayList<>();
            for (ContainerStatus container : berth.agent().list()) {
                for (PublishedPort port : container.spec().networkRules().ports()) {
                    lines.add(new Line(container.id(), Lookup.fullName(container.spec()), port));
                }
            }
            if (json) {
                Json.print(berth.out(), lines);
                return;
            }
            berth.out().printf(FORM, "PORT", "ID", "CONTAINER", "ITS PORT");
            lines.forEach(line -> berth.out()
                    .printf(
                            FORM,
                            line.port().describe(),
                            line.container().prefix(),
                            line.name(),
                            line.port().containerPort()));
            berth.out().flush();
        }
    }

    @Command(name = "publish", description = "Let a port of this node lead to a container's, of a running one at once.")
    static final class Publish implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        private BerthCommand berth;

        @Parameters(index = "0", paramLabel = "ID|NAME")
        @SuppressWarnings("NullAway.Init")
        private String container;

        @Parameters(
                index = "1",
                paramLabel = "HOSTPORT[/udp]",
                converter = PortText.class,
                description = "One of BERTH_PUBLISHED_PORTS; UDP's is another than TCP's.")
        @SuppressWarnings("NullAway.Init")
        private Port at;

        @Parameters(index = "2", paramLabel = "PORT", description = "Where the container listens.")
        private int to;

        @Override
        public void run() {
            ContainerStatus found = berth.find(container);
            List<PublishedPort> wanted =
                    new ArrayList<>(found.spec().networkRules().ports());
            wanted.removeIf(at::is);
            wanted.add(new PublishedPort(at.protocol(), at.number(), to));
            berth.agent().container(new Request.ChangeNetworkRules(found.id(), new NetworkRules(wanted)));
        }
    }

    @Command(name = "unpublish", description = "Close a port of this node that leads to a container; connections end.")
    static final class Unpublish implements Runnable {
        @ParentCommand
        @SuppressWarnings("NullAway.Init")
        private BerthCommand berth;

        @Parameters(index = "0", paramLabel = "ID|NAME")
        @SuppressWarnings("NullAway.Init")
        private String container;

        @Parameters(index = "1", paramLabel = "HOSTPORT[/udp]", converter = PortText.class)
        @SuppressWarnings("NullAway.Init")
        private Port at;

        @Override
        public void run() {
            ContainerStatus found = berth.find(container);
            List<PublishedPort> wanted =
                    new ArrayList<>(found.spec().networkRules().ports());
            if (!wanted.removeIf(at::is)) {
                throw new NoSuchContainerException("no port " + at.number() + "/"
                        + at.protocol().word() + " leads to '" + container + "'; berth ports shows those that do");
            }
            berth.agent().container(new Request.ChangeNetworkRules(found.id(), new NetworkRules(wanted)));
        }
    }
}
