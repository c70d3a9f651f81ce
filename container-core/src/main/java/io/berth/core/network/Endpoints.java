// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.ContainerId;
import java.net.Inet4Address;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a container's place in the network follows from its id. */
final class Endpoints {
    private static final int NAME_DIGITS = 14; // with the b before them, IFNAMSIZ less the NUL

    private Endpoints() {}

    static Endpoint of(ContainerId id, Optional<Inet4Address> ipv4, @Nullable Cidr ipv6) {
        MacAddress mac = MacAddress.of(id);
        return new Endpoint(id, hostInterface(id), mac, ipv4.orElse(null), ipv6 == null ? null : mac.inNetwork(ipv6));
    }

    /** Begins with the id as operators know it. */
    static String hostInterface(ContainerId id) {
        return "b" + id.toString().replace("-", "").substring(0, NAME_DIGITS);
    }
}
