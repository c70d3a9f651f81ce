// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

/** How a container reaches the world. There is no host network. */
public enum NetworkMode {
    /** A veth on the node's bridge, with DHCP, DNS and network address translation towards the outside. */
    NAT,
    /** Loopback only; logging in works all the same. */
    NONE
}
