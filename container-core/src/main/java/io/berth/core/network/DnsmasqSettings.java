// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What dnsmasq(8) is told; the host's own configuration of it plays no part.
 *
 * @param ipv4 the bridge's address; null for no IPv4
 * @param ipv6 the same for IPv6
 * @param hosts directory with a file a container; dnsmasq sees a new one at once
 * @param leases survives a restart of dnsmasq
 */
record DnsmasqSettings(
        String bridge,
        Account account,
        @Nullable Cidr ipv4,
        @Nullable Cidr ipv6,
        Path hosts,
        Path leases,
        Path pidFile,
        Path resolvConf) {

    /** A configuration file. */
    String text() {
        List<String> lines = new ArrayList<>(List.of(
                "# written by the agent at each start",
                "user=" + account.user(),
                "group=" + account.group().getName(),
                "pid-file=" + pidFile,
                "interface=" + bridge,
                "except-interface=lo",
                "bind-dynamic", // other instances and other resolvers of the host keep their sockets
                "resolv-file=" + resolvConf,
                "no-hosts", // the host's own names are none of the tenants' business
                "no-ident",
                "domain-needed",
                "bogus-priv",
                "cache-size=10000",
                "dns-forward-max=1000",
                "quiet-dhcp",
                "quiet-dhcp6",
                "quiet-ra",
                // a tenant must not learn, nor take, another one's name
                "dhcp-ignore-names"));
        if (ipv4 != null) {
            lines.addAll(dhcp(ipv4));
        }
        if (ipv6 != null) {
            lines.add("enable-ra");
            lines.add(
                    "dhcp-range=" + ipv6.network().address().getHostAddress() + ",ra-stateless," + ipv6.prefixLength());
        }
        return String.join("\n", lines) + "\n";
    }

    /** Static: only a container that has its file gets an address. */
    private List<String> dhcp(Cidr net) {
        return List.of(
                "dhcp-range=" + net.network().address().getHostAddress() + ",static," + netmask(net) + ",12h",
                "dhcp-hostsdir=" + hosts,
                "dhcp-leasefile=" + leases,
                "dhcp-lease-max=" + net.size().min(BigInteger.valueOf(1 << 20)),
                "dhcp-authoritative",
                "dhcp-rapid-commit",
                "dhcp-ignore-clid", // by the MAC address alone, which is pinned: an identifier could be another
                // tenant's
                "no-ping");
    }

    private static String netmask(Cidr net) {
        int mask = -1 << (32 - net.prefixLength());
        return "%d.%d.%d.%d".formatted(mask >>> 24, (mask >>> 16) & 0xff, (mask >>> 8) & 0xff, mask & 0xff);
    }
}
