// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The texts for nft and dnsmasq. */
class ConfigurationTest {
    private static final Cidr IPV4 = Cidr.parse("10.181.0.1/16");
    private static final Cidr IPV6 = Cidr.parse("fd42:1:2:3::1/64");

    @Test
    void rulesetReplacesBothTablesInOneTransaction() {
        assertThat(new Ruleset("berth", "berth0", IPV4, IPV6).text(List.of(), List.of()))
                .startsWith("""
                        table inet berth
                        delete table inet berth
                        table bridge berth
                        delete table bridge berth
                        table inet berth {
                        """)
                .contains("ip saddr 10.181.0.0/16 oifname != \"berth0\" masquerade")
                .contains("ip6 saddr fd42:1:2:3:0:0:0:0/64 oifname != \"berth0\" masquerade")
                .doesNotContain("elements =");
    }

    @Test
    void rulesetPinsEveryContainer() {
        ContainerId id = ContainerId.of("0a1b2c3d-4e5f-4789-8abc-def012345678");
        Optional<Inet4Address> ipv4 = Optional.of((Inet4Address) InetAddress.ofLiteral("10.181.0.2"));

        assertThat(new Ruleset("berth", "berth0", IPV4, IPV6).text(List.of(Endpoints.of(id, ipv4, IPV6)), List.of()))
                .contains("elements = { \"b0a1b2c3d4e5f47\" }")
                .contains("elements = { \"b0a1b2c3d4e5f47\" . 02:f0:12:34:56:78 }")
                .contains("elements = { \"b0a1b2c3d4e5f47\" . 02:f0:12:34:56:78 . 10.181.0.2 }")
                .contains("\"b0a1b2c3d4e5f47\" . 02:f0:12:34:56:78 . fd42:1:2:3:f0:12ff:fe34:5678")
                .contains("\"b0a1b2c3d4e5f47\" . 02:f0:12:34:56:78 . fe80:0:0:0:f0:12ff:fe34:5678")
                .contains("elements = { \"b0a1b2c3d4e5f47\" . 0x02f012345678 }")
                .contains("\"b0a1b2c3d4e5f47\" . 0xfd42000100020003" + "00f012fffe345678");
    }

    @Test
    void publishedPortIsAnElementAndNoRule() {
        ContainerId id = ContainerId.of("0a1b2c3d-4e5f-4789-8abc-def012345678");
        Optional<Inet4Address> ipv4 = Optional.of((Inet4Address) InetAddress.ofLiteral("10.181.0.2"));
        Endpoint endpoint = Endpoints.of(id, ipv4, IPV6);
        var ruleset = new Ruleset("berth", "berth0", IPV4, IPV6);
        String none = ruleset.text(List.of(endpoint), List.of());
        String two = ruleset.text(
                List.of(endpoint),
                Stream.of(port(Protocol.TCP, 20_080, 80), port(Protocol.UDP, 20_053, 53))
                        .flatMap(port -> SetElement.of(endpoint, port).stream())
                        .toList());

        assertThat(two)
                .contains("elements = { tcp . 20080 : 10.181.0.2 . 80, udp . 20053 : 10.181.0.2 . 53 }")
                .contains("elements = { 10.181.0.2 . tcp . 80, 10.181.0.2 . udp . 53 }")
                .contains("tcp . 20080 : fd42:1:2:3:f0:12ff:fe34:5678 . 80");
        assertThat(rules(two)).isEqualTo(rules(none));
    }

    private static List<String> rules(String ruleset) {
        return ruleset.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("elements"))
                .toList();
    }

    private static PublishedPort port(Protocol protocol, int hostPort, int containerPort) {
        return new PublishedPort(protocol, hostPort, containerPort);
    }

    @Test
    void familyThatIsOffIsNeitherTranslatedNorLetThrough() {
        assertThat(new Ruleset("berth", "berth0", IPV4, null).text(List.of(), List.of()))
                .doesNotContain("ip6 saddr fd42")
                .doesNotContain("ip6 daddr fe80");
        assertThat(new Ruleset("berth", "berth0", null, IPV6).text(List.of(), List.of()))
                .doesNotContain("ip saddr 10.181");
    }

    @Test
    void dnsmasqServesTheBridgeOnlyAndNoNames() {
        assertThat(dnsmasq(IPV4, IPV6))
                .contains("interface=berth0\nexcept-interface=lo\nbind-dynamic\n")
                .contains("no-hosts\n")
                .contains("dhcp-ignore-names\n")
                .contains("dhcp-range=10.181.0.0,static,255.255.0.0,12h\n")
                .contains("dhcp-lease-max=65536\n")
                .contains("enable-ra\ndhcp-range=fd42:1:2:3:0:0:0:0,ra-stateless,64\n");
    }

    @Test
    void dnsmasqOfOneFamilyLeavesTheOtherAlone() {
        assertThat(dnsmasq(null, IPV6)).contains("enable-ra").doesNotContain("static");
        assertThat(dnsmasq(IPV4, null)).contains("static").doesNotContain("enable-ra");
    }

    @Test
    void missingProgramNamesItsPackage(@TempDir Path empty) {
        assertThatThrownBy(() -> Tool.DNSMASQ.find(List.of(empty)))
                .isInstanceOf(NetworkException.class)
                .hasMessage("this host lacks dnsmasq; install it: apt-get install dnsmasq-base");
        assertThatThrownBy(() -> Tool.NFT.find(List.of(empty)))
                .hasMessage("this host lacks nft; install it: apt-get install nftables");
    }

    private static String dnsmasq(@Nullable Cidr ipv4, @Nullable Cidr ipv6) {
        Path run = Path.of("/run/x");
        return new DnsmasqSettings(
                        "berth0",
                        Account.find(),
                        ipv4,
                        ipv6,
                        run.resolve("hosts"),
                        run.resolve("leases"),
                        run.resolve("pid"),
                        run)
                .text();
    }
}
