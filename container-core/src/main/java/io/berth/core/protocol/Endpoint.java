// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One end of a forward, as a process inside the container sees it: its network, its files, its user. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Endpoint.Tcp.class, name = "tcp"),
    @JsonSubTypes.Type(value = Endpoint.Unix.class, name = "unix"),
    @JsonSubTypes.Type(value = Endpoint.Private.class, name = "private"),
})
public sealed interface Endpoint {
    /**
     * A TCP port.
     *
     * @param host to connect to: an address, or a name that is resolved inside; to listen at: an address, {@code localhost} for both
     *     loopbacks, or empty for every address
     * @param port 0 to 65535; 0 is for listening only, and the kernel chooses
     */
    record Tcp(String host, int port) implements Endpoint {}

    /**
     * A Unix socket.
     *
     * @param path inside; one that is relative begins at the user's home
     */
    record Unix(String path) implements Endpoint {}

    /** To listen at only: a Unix socket in a new directory below /tmp that nobody but the user, and the container's root, can enter. */
    record Private() implements Endpoint {}
}
