// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The instance's nftables rules, as one text for nft(8) that replaces what was there in one transaction. Nothing of a tenant's is in
 * it but interface names, MAC and IP addresses that were made here.
 *
 * @param ipv4 the bridge's address; null for no IPv4
 * @param ipv6 the same for IPv6
 */
record Ruleset(
        String instance,
        String bridge,
        @Nullable Cidr ipv4,
        @Nullable Cidr ipv6) {

    /** @param endpoints of all containers that may be connected */
    String text(Collection<Endpoint> endpoints) {
        List<SetElement> elements = endpoints.stream()
                .flatMap(endpoint -> SetElement.of(endpoint).stream())
                .toList();
        return removal() + routing() + pinning(elements);
    }

    /** Removes everything; without an error if it is not there. */
    String removal() {
        return """
                table inet %1$s
                delete table inet %1$s
                table bridge %1$s
                delete table bridge %1$s
                """.formatted(instance);
    }

    /**
     * What is routed, and what the host takes. An accept ends this table's chain only: the host's own firewall may still refuse; a
     * drop is final. Containers reach each other neither through their isolated ports nor back through the bridge's router. Of the
     * host they reach DHCP, DNS and ping. They do not reach the cloud's metadata services, which hand the host's credentials to
     * whoever asks from it (169.254.169.254 and others of 169.254.0.0/16; Azure's 168.63.129.16; EC2's fd00:ec2::254; GCP's
     * fd20:ce::254).
     */
    private String routing() {
        return """
                table inet %1$s {
                  chain input {
                    type filter hook input priority filter - 5; policy accept;
                    iifname "%2$s" goto from_container
                  }
                  chain from_container {
                    ct state established,related accept
                    udp sport 68 udp dport 67 accept
                    udp sport 546 udp dport 547 ip6 daddr ff02::1:2 accept
                %3$s
                    icmp type echo-request accept
                    icmpv6 type { echo-request, nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept
                    icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report } accept
                    counter drop
                  }
                  chain forward {
                    type filter hook forward priority filter - 5; policy accept;
                    iifname "%2$s" goto outbound
                    oifname "%2$s" goto inbound
                  }
                  chain outbound {
                    oifname "%2$s" counter drop
                    ct state invalid counter drop
                    ip daddr { 169.254.0.0/16, 168.63.129.16 } counter drop
                    ip6 daddr { fd00:ec2::254, fd20:ce::254 } counter drop
                %4$s
                    counter drop
                  }
                  chain inbound {
                    ct state established,related accept
                    counter drop
                  }
                  chain translate {
                    type nat hook postrouting priority srcnat; policy accept;
                %5$s
                  }
                }
                """.formatted(
                instance,
                bridge,
                lines(resolver("ip", ipv4), resolver("ip6", ipv6), resolver("ip6", ipv6 == null ? null : Ipv6.ROUTER)),
                lines(rule("ip saddr %s accept", ipv4), rule("ip6 saddr %s accept", ipv6)),
                lines(
                        rule("ip saddr %s oifname != \"" + bridge + "\" masquerade", ipv4),
                        rule("ip6 saddr %s oifname != \"" + bridge + "\" masquerade", ipv6)));
    }

    /**
     * Who may send what through which port: a hash look-up a frame, however many containers there are. First comes the MAC address,
     * then the address in the IP or ARP header; a host without an address yet may ask for one (DHCP; ARP probes, RFC 5227; duplicate
     * address detection, RFC 4862). Whatever is neither IP nor ARP is dropped, VLAN tags included.
     */
    private String pinning(List<SetElement> elements) {
        return """
                table bridge %1$s {
                  set ports {
                    type ifname
                %2$s
                  }
                  set senders {
                    typeof iifname . ether saddr
                %3$s
                  }
                  set senders4 {
                    typeof iifname . ether saddr . ip saddr
                %4$s
                  }
                  set senders6 {
                    typeof iifname . ether saddr . ip6 saddr
                %5$s
                  }
                  chain prerouting {
                    type filter hook prerouting priority -300; policy accept;
                    iifname @ports goto port
                  }
                  chain port {
                    iifname . ether saddr != @senders counter drop
                    ether type ip iifname . ether saddr . ip saddr @senders4 accept
                    ether type ip6 iifname . ether saddr . ip6 saddr @senders6 accept
                    ether type arp goto resolution
                    ether type ip ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept
                    ether type ip6 ip6 saddr :: icmpv6 type { nd-neighbor-solicit, nd-router-solicit } accept
                    ether type ip6 ip6 saddr :: icmpv6 type mld2-listener-report accept
                    counter drop
                  }
                  chain resolution {
                    arp htype != 1 counter drop
                    arp ptype != ip counter drop
                    iifname . arp saddr ether . arp saddr ip @senders4 accept
                    iifname . arp saddr ether @senders arp saddr ip 0.0.0.0 accept
                    counter drop
                  }
                }
                """.formatted(
                        instance,
                        list(elements, SetElement.PORTS),
                        list(elements, SetElement.SENDERS),
                        list(elements, SetElement.SENDERS_IPV4),
                        list(elements, SetElement.SENDERS_IPV6));
    }

    private static @Nullable String resolver(String family, @Nullable Cidr cidr) {
        return cidr == null
                ? null
                : "%s daddr %s meta l4proto { tcp, udp } th dport 53 accept"
                        .formatted(family, cidr.address().getHostAddress());
    }

    private static @Nullable String rule(String rule, @Nullable Cidr cidr) {
        return cidr == null ? null : rule.formatted(cidr.network());
    }

    private static String lines(@Nullable String... rules) {
        return Stream.of(rules)
                .filter(Objects::nonNull)
                .map(rule -> "    " + rule)
                .collect(Collectors.joining("\n"));
    }

    private static String list(List<SetElement> elements, String set) {
        String all = elements.stream()
                .filter(element -> element.set().equals(set))
                .map(SetElement::text)
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : "    elements = { " + all + " }";
    }
}
