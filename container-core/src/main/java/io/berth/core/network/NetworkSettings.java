// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a node's network is made of.
 *
 * @param instance names the bridge (a 0 is appended) and the nft tables: a letter, then at most nine letters and digits, lower case
 * @param ipv4 the bridge's own address and its net; null for no IPv4
 * @param ipv6 the same for IPv6, a /64 as address autoconfiguration wants it; null for no IPv6
 * @param runDir does not survive a reboot; other users must be able to pass through it (0711), as dnsmasq runs as one of them
 * @param stateDir survives a reboot; may be root's own
 * @param resolvConf names the resolvers that dnsmasq asks; read again when it changes
 */
public record NetworkSettings(
        String instance, @Nullable Cidr ipv4, @Nullable Cidr ipv6, Path runDir, Path stateDir, Path resolvConf) {
    /** The host's own resolvers; a stub on 127.0.0.53 is fine, as dnsmasq runs in the host's network. */
    public static final Path HOST_RESOLV_CONF = Path.of("/etc/resolv.conf");

    private static final Pattern INSTANCE = Pattern.compile("[a-z][a-z0-9]{0,9}");
    private static final int SLAAC_PREFIX = 64; // RFC 4862, with RFC 4291's 64-bit interface identifiers
    private static final int SMALLEST_IPV4_NET = 30; // the bridge and one container, beside network and broadcast
    private static final int LARGEST_IPV4_NET = 8;

    /** @throws IllegalArgumentException when a value can't work; the message says which and what would */
    public NetworkSettings {
        if (!INSTANCE.matcher(instance).matches()) {
            throw new IllegalArgumentException("instance '" + instance
                    + "' must be a letter and at most 9 more letters or digits, all in lower case");
        }
        if (ipv4 != null) {
            checkIpv4(ipv4);
        }
        if (ipv6 != null && (ipv6.isIpv4() || ipv6.prefixLength() != SLAAC_PREFIX)) {
            throw new IllegalArgumentException("IPv6 net '" + ipv6 + "' must be an IPv6 address with /" + SLAAC_PREFIX);
        }
        runDir = runDir.toAbsolutePath().normalize();
        stateDir = stateDir.toAbsolutePath().normalize();
        resolvConf = resolvConf.toAbsolutePath().normalize();
    }

    /** From the texts of BERTH_IPV4 and BERTH_IPV6, null for a family that is switched off, with the host's resolvers. */
    public static NetworkSettings of(
            String instance, @Nullable String ipv4, @Nullable String ipv6, Path runDir, Path stateDir) {
        return new NetworkSettings(
                instance,
                ipv4 == null ? null : Cidr.parse(ipv4),
                ipv6 == null ? null : Cidr.parse(ipv6),
                runDir,
                stateDir,
                HOST_RESOLV_CONF);
    }

    /** The bridge's name. */
    public String bridge() {
        return instance + "0";
    }

    private static void checkIpv4(Cidr ipv4) {
        boolean fits = ipv4.prefixLength() >= LARGEST_IPV4_NET && ipv4.prefixLength() <= SMALLEST_IPV4_NET;
        if (!ipv4.isIpv4() || !fits) {
            throw new IllegalArgumentException(
                    "IPv4 net '" + ipv4 + "' must be an IPv4 address with a prefix length from " + LARGEST_IPV4_NET
                            + " to " + SMALLEST_IPV4_NET);
        }
        long index = ipv4.indexOf(ipv4.address()).longValueExact();
        if (index == 0 || index == ipv4.size().longValueExact() - 1) {
            throw new IllegalArgumentException("IPv4 address '" + ipv4
                    + "' is its net's own or broadcast address; take another one of the net, such as the next");
        }
    }
}
