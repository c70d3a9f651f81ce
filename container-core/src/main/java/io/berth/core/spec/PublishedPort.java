// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A port of the node's, at each of its addresses, that leads to a port of a container's.
 *
 * @param protocol of both
 * @param hostPort the node's; no two containers have the same one of a protocol
 * @param containerPort where the container listens
 */
public record PublishedPort(Protocol protocol, int hostPort, int containerPort) {
    /** Each is an element of three maps; more services than that belong behind a proxy. */
    public static final int MOST = 64;

    private static final int LAST = 65_535;

    public PublishedPort {
        Objects.requireNonNull(protocol, "protocol");
        requirePort("hostPort", hostPort);
        requirePort("containerPort", containerPort);
    }

    /** Whether both would need the same port of the node. */
    public boolean collidesWith(PublishedPort other) {
        return protocol == other.protocol && hostPort == other.hostPort;
    }

    /** {@code 20080/tcp}, the node's side. */
    public String describe() {
        return hostPort + "/" + protocol.word();
    }

    /** @throws InvalidSpecException when a port of the node is there twice, or there are too many */
    static List<PublishedPort> checked(List<PublishedPort> ports) {
        require(ports.stream().noneMatch(Objects::isNull), "ports", "null is no port");
        require(
                ports.size() <= MOST,
                "ports",
                ports.size() + " are too many; a container publishes at most " + MOST + " ports");
        Set<String> taken = new HashSet<>();
        ports.forEach(port -> require(
                taken.add(port.describe()), "ports", port.describe() + " is there twice; leave one of them out"));
        return List.copyOf(ports);
    }

    private static void requirePort(String field, int port) {
        require(port >= 1 && port <= LAST, field, port + " is no port; ports are 1 to " + LAST);
    }

    private static void require(boolean holds, String field, String otherwise) {
        if (!holds) {
            throw new InvalidSpecException(field, otherwise);
        }
    }
}
