// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** A port of a container's node that leads to the container, at each of the node's addresses. */
@Schema(name = "PublishedPort")
record Port(
        Protocol protocol,

        @Schema(description = "the node's", example = "20080")
        int hostPort,

        @Schema(description = "where the container listens", example = "80")
        int containerPort,

        State state,
        Instant createdAt) {
    enum State {
        /** The node has still to open it. */
        OPENING,
        /** It leads to the container while that runs. */
        OPEN,
        /** The node has still to close it. */
        CLOSING
    }

    PublishedPort published() {
        return new PublishedPort(protocol, hostPort, containerPort);
    }

    /** {@code tcp-20080}: what it is called in a path. */
    String key() {
        return protocol.word() + "-" + hostPort;
    }
}
