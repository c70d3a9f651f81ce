// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import io.berth.platform.settings.Network;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.settings.WebhookSettings;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where a message may go: whoever names an address must not make the platform call what they can't reach themselves (server-side request
 * forgery, CWE-918): this machine, its network, the metadata services of clouds, containers.
 */
@Component
class Reach {
    /** Of IPv4 what is nobody's on the internet, IANA's special-purpose registry, RFC 6890 and its updates; and multicast, and what was never given out. */
    private static final List<Network> SPECIAL = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10", // carriers' NAT, RFC 6598
            "127.0.0.0/8",
            "168.63.129.16/32", // Azure's own, to every machine there
            "169.254.0.0/16", // link-local, and where clouds tell secrets
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");

    /** Of IPv6 the internet is this … */
    private static final Network GLOBAL = Network.of("2000::/3");

    /** … but for what leads to IPv4 addresses, to protocols of their own, and what is for books. */
    private static final List<Network> SPECIAL_6 = networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private final WebhookSettings settings;

    Reach(PlatformSettings settings) {
        this.settings = settings.webhooks();
    }

    private static List<Network> networks(String... all) {
        return Stream.of(all).map(Network::of).toList();
    }

    /** Why nothing can be sent there, whatever its name resolves to; null where nothing speaks against it. */
    @Nullable
    String complaint(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            return "it is no URL";
        }
        boolean isHttps = "https".equals(uri.getScheme());
        boolean isHttp = "http".equals(uri.getScheme());
        if (!isHttps && !(isHttp && !settings.networks().isEmpty())) {
            return "it must begin with https://";
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            return "it needs a host, and has neither a user nor a fragment";
        }
        int port = port(uri);
        return settings.ports().contains(port)
                ? null
                : "port " + port + " is not one that this platform sends to; ask the operator (BERTH_WEBHOOK_PORTS)";
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    /** Whether a message may go to that address. */
    boolean admits(InetAddress address, boolean isEncrypted) {
        boolean isAllowed = settings.networks().stream().anyMatch(network -> network.contains(address));
        return isAllowed || (isEncrypted && isOnTheInternet(address));
    }

    static boolean isOnTheInternet(InetAddress address) {
        return address instanceof Inet6Address
                ? GLOBAL.contains(address) && SPECIAL_6.stream().noneMatch(network -> network.contains(address))
                : SPECIAL.stream().noneMatch(network -> network.contains(address));
    }
}
