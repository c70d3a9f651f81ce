// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether, and how, the bridge speaks IPv6. */
final class Ipv6 {
    /** The router's address in advertisements; fixed, as the kernel gives a bridge without ports none. */
    static final Cidr ROUTER = Cidr.parse("fe80::1/64");

    private static final Logger log = LoggerFactory.getLogger(Ipv6.class);
    private static final String IPV6 = "net/ipv6/conf/";
    private static final String NO_ADDRESS = "1"; // addr_gen_mode, Documentation/networking/ip-sysctl.rst

    private final String bridge;
    private final @Nullable Cidr wanted;

    Ipv6(String bridge, @Nullable Cidr wanted) {
        this.bridge = bridge;
        this.wanted = wanted;
    }

    /** Prepares the bridge, which is down still or prepared already. @return the bridge's address; null for no IPv6 */
    @Nullable
    Cidr prepare() {
        Optional<String> obstacle = obstacle();
        if (wanted != null && obstacle.isEmpty()) {
            set("disable_ipv6", "0");
            set("accept_ra", "0"); // of its containers, that is
            set("autoconf", "0");
            set("addr_gen_mode", NO_ADDRESS);
            return wanted;
        }
        if (wanted != null) {
            log.info("event=ipv6-off bridge={} reason={}, containers get IPv4 only", bridge, obstacle.get());
        }
        if (Sysctls.read(IPV6 + bridge + "/disable_ipv6").isPresent()) {
            set("disable_ipv6", "1");
        }
        return null;
    }

    List<Cidr> bridgeAddresses(@Nullable Cidr ipv4, @Nullable Cidr ipv6) {
        List<Cidr> all = new ArrayList<>();
        if (ipv4 != null) {
            all.add(ipv4);
        }
        if (ipv6 != null) {
            all.add(ipv6);
            all.add(ROUTER);
        }
        return all;
    }

    private static Optional<String> obstacle() {
        Optional<String> disabled = Sysctls.read(IPV6 + "all/disable_ipv6");
        if (disabled.isEmpty()) {
            return Optional.of("the kernel has none");
        }
        return disabled.get().equals("0") ? Optional.empty() : Optional.of("net.ipv6.conf.all.disable_ipv6 is set");
    }

    private void set(String name, String value) {
        Sysctls.write(IPV6 + bridge + "/" + name, value);
    }
}
