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

    /**
     * @param endpoints of all containers that may be connected
     * @param published what of them is reached from outside
     */
    String text(Collection<Endpoint> endpoints, Collection<SetElement> published) {
        List<SetElement> elements = endpoints.stream()
                .flatMap(endpoint -> SetElement.of(endpoint).stream())
                .toList();
        return removal() + publishing(published) + routing() + pinning(elements);
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
     * Published ports, at each address of the host but loopback's: a look-up a connection, however many there are. Also from containers
     * and from the host itself, which nat's hook for what comes in does not see. Who came keeps its address, except a container: its
     * neighbour would answer it directly, and nothing passes there. So the router asks in its own name ({@code translate}).
     */
    private String publishing(Collection<SetElement> published) {
        return """
                table inet %1$s {
                  map published4 {
                    type inet_proto . inet_service : ipv4_addr . inet_service
                %2$s
                  }
                  map published6 {
                    type inet_proto . inet_service : ipv6_addr . inet_service
                %3$s
                  }
                  set open4 {
                    type ipv4_addr . inet_proto . inet_service
                %4$s
                  }
                  set open6 {
                    type ipv6_addr . inet_proto . inet_service
                %5$s
                  }
                  chain arriving {
                    type nat hook prerouting priority dstnat; policy accept;
                    fib daddr type local goto published
                  }
                  chain own {
                    type nat hook output priority -100; policy accept;
                    fib daddr type local goto published
                  }
                  chain published {
                    ip daddr 127.0.0.0/8 accept
                    ip6 daddr ::1 accept
                    dnat ip to meta l4proto . th dport map @published4
                    dnat ip6 to meta l4proto . th dport map @published6
                  }
                }
                """.formatted(
                        instance,
                        list(published, NftSet.PUBLISHED_IPV4),
                        list(published, NftSet.PUBLISHED_IPV6),
                        list(published, NftSet.OPEN_IPV4),
                        list(published, NftSet.OPEN_IPV6));
    }

    /**
     * What is routed, and what the host takes. An accept ends this table's chain only: the host's own firewall may still refuse; a
     * drop is final. Containers reach each other neither through their isolated ports nor back through the bridge's router. Of the
     * host they reach DHCP, DNS and ping. They do not reach the cloud's metadata services, which hand the host's credentials to
     * whoever asks from it (169.254.169.254 and others of 169.254.0.0/16; Azure's 168.63.129.16; EC2's fd00:ec2::254; GCP's
     * fd20:ce::254). A connection to a published port is looked up again with each packet, so that it ends when the port is closed.
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
                    ct state invalid counter drop
                    oifname "%2$s" ct status dnat goto inbound
                    oifname "%2$s" counter drop
                    ip daddr { 169.254.0.0/16, 168.63.129.16 } counter drop
                    ip6 daddr { fd00:ec2::254, fd20:ce::254 } counter drop
                %4$s
                    counter drop
                  }
                  chain inbound {
                    ct direction reply ct state established accept
                    ct state related accept
                    ct status dnat ip daddr . meta l4proto . th dport @open4 accept
                    ct status dnat ip6 daddr . meta l4proto . th dport @open6 accept
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
                        rule("ip6 saddr %s oifname != \"" + bridge + "\" masquerade", ipv6),
                        rule("ip saddr %s oifname \"" + bridge + "\" ct status dnat masquerade", ipv4),
                        rule("ip6 saddr %s oifname \"" + bridge + "\" ct status dnat masquerade", ipv6)));
    }

    /**
     * Who may send what through which port: a hash look-up a frame, however many containers there are. First comes the MAC address,
     * then the address in the IP or ARP header; a host without an address yet may ask for one (DHCP; ARP probes, RFC 5227; duplicate
     * address detection, RFC 4862). Whatever is neither IP nor ARP is dropped, VLAN tags included.
     *
     * <p>Addresses inside: a lease is asked for, declined and released for one's own MAC address alone ({@code chaddr}, 28 bytes into a
     * DHCP message, RFC 2131), and a neighbour advertisement is about an address of one's own (8 bytes into it, RFC 4861). Nobody serves
     * DHCP (from port 67, 547), advertises a router or redirects, although no other container would hear it: the host would.
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
                  set clients {
                    typeof iifname . @th,288,48
                %6$s
                  }
                  set targets {
                    typeof iifname . @th,64,128
                %7$s
                  }
                  chain prerouting {
                    type filter hook prerouting priority -300; policy accept;
                    iifname @ports goto port
                  }
                  chain port {
                    iifname . ether saddr != @senders counter drop
                    udp sport { 67, 547 } counter drop
                    udp dport 67 goto lease
                    icmpv6 type { nd-router-advert, nd-redirect } counter drop
                    icmpv6 type nd-neighbor-advert goto advertisement
                    ether type ip iifname . ether saddr . ip saddr @senders4 accept
                    ether type ip6 iifname . ether saddr . ip6 saddr @senders6 accept
                    ether type arp goto resolution
                    ether type ip6 ip6 saddr :: icmpv6 type { nd-neighbor-solicit, nd-router-solicit } accept
                    ether type ip6 ip6 saddr :: icmpv6 type mld2-listener-report accept
                    counter drop
                  }
                  chain lease {
                    iifname . @th,288,48 @clients goto asking
                    counter drop
                  }
                  chain asking {
                    ether type ip iifname . ether saddr . ip saddr @senders4 accept
                    ether type ip ip saddr 0.0.0.0 udp sport 68 accept
                    counter drop
                  }
                  chain advertisement {
                    iifname . @th,64,128 @targets ether type ip6 iifname . ether saddr . ip6 saddr @senders6 accept
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
                        list(elements, NftSet.PORTS),
                        list(elements, NftSet.SENDERS),
                        list(elements, NftSet.SENDERS_IPV4),
                        list(elements, NftSet.SENDERS_IPV6),
                        list(elements, NftSet.CLIENTS),
                        list(elements, NftSet.TARGETS));
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

    private static String list(Collection<SetElement> elements, NftSet set) {
        String all = elements.stream()
                .filter(element -> element.set() == set)
                .distinct()
                .map(SetElement::text)
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : "    elements = { " + all + " }";
    }
}
