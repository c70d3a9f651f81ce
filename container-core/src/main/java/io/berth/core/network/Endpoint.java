// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.ContainerId;
import java.net.Inet4Address;
import java.net.Inet6Address;
import org.jspecify.annotations.Nullable;

/**
 * A container's place in the network; the same from its first connection until it is forgotten.
 *
 * @param hostInterface the bridge's port; its peer is {@code eth0} in the container
 * @param ipv4 what DHCP gives the container; null where the node has no IPv4
 * @param ipv6 what the container makes of its MAC address and the router's advertisement; null where the node has no IPv6
 */
public record Endpoint(
        ContainerId container,
        String hostInterface,
        MacAddress mac,
        @Nullable Inet4Address ipv4,
        @Nullable Inet6Address ipv6) {}
