// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.util.Optional;
import java.util.SortedSet;

/**
 * A container's port as the kernel tells it.
 *
 * @param name of the interface on the host
 * @param link empty where there is no such interface
 * @param pins what nftables lets in through it, as {@code set { element }}
 * @param expectedPins what it should let in, no more and no less
 */
public record PortFacts(String name, Optional<Link> link, SortedSet<String> pins, SortedSet<String> expectedPins) {

    /**
     * The interface.
     *
     * @param isUp administratively
     * @param isOnBridge whether it is a port of the node's bridge
     * @param isPeerInside whether its other end is in the container's network namespace
     * @param isIsolated no frame passes to another such port
     * @param isLocked only frames from the container's own address are let in
     * @param learns whether the container could make the bridge believe in other addresses
     * @param isFlooded whether frames for unknown addresses reach it
     */
    public record Link(
            boolean isUp,
            boolean isOnBridge,
            boolean isPeerInside,
            boolean isIsolated,
            boolean isLocked,
            boolean learns,
            boolean isFlooded) {}
}
