// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.ContainerId;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressingTest {
    private static final Path DIRECTORY = Path.of("/x");

    @ParameterizedTest
    @CsvSource({"10.181.7.9/16,10.181.0.0/16", "192.0.2.200/25,192.0.2.128/25", "fd42::1:2:3:4/64,fd42:0:0:0:0:0:0:0/64"
    })
    void networkHasItsHostBitsZero(String address, String network) {
        assertThat(Cidr.parse(address).network()).hasToString(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.1", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/x", "host/24", "/24", "fd42::1/129", ""})
    void textThatIsNoCidrIsRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void containsKnowsTheFamilies() {
        Cidr net = Cidr.parse("10.0.0.1/8");

        assertThat(net.contains(InetAddress.ofLiteral("10.255.0.1"))).isTrue();
        assertThat(net.contains(InetAddress.ofLiteral("11.0.0.1"))).isFalse();
        assertThat(net.contains(InetAddress.ofLiteral("::10.0.0.1"))).isFalse();
    }

    @Test
    void addressesFollowFromTheId() {
        MacAddress mac = MacAddress.of(ContainerId.of("0a1b2c3d-4e5f-4789-8abc-def012345678"));

        assertThat(mac).hasToString("02:f0:12:34:56:78");
        assertThat(mac.inNetwork(Cidr.parse("fd42:1:2:3::1/64")).getHostAddress())
                .isEqualTo("fd42:1:2:3:f0:12ff:fe34:5678");
        assertThat(mac.linkLocal().getHostAddress()).isEqualTo("fe80:0:0:0:f0:12ff:fe34:5678");
    }

    @Test
    void groupAddressIsNoMacAddress() {
        assertThatThrownBy(() -> new MacAddress(0x010000000000L)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settingsFromTextsUseTheHostsResolvers() {
        NetworkSettings settings = NetworkSettings.of("berth", "10.181.0.1/16", null, DIRECTORY, DIRECTORY);

        assertThat(settings.bridge()).isEqualTo("berth0");
        assertThat(settings.ipv4()).isEqualTo(Cidr.parse("10.181.0.1/16"));
        assertThat(settings.ipv6()).isNull();
        assertThat(settings.resolvConf()).isEqualTo(Path.of("/etc/resolv.conf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Berth", "0berth", "berth-test", "berth1berth1", "be rth"})
    void instanceThatCantNameABridgeIsRefused(String instance) {
        assertThatThrownBy(() -> NetworkSettings.of(instance, null, null, DIRECTORY, DIRECTORY))
                .hasMessageContaining("instance '" + instance + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1/31", "10.0.0.0/24", "10.0.0.255/24", "10.0.0.1/7", "fd42::1/64"})
    void ipv4NetThatCantWorkIsRefused(String ipv4) {
        assertThatThrownBy(() -> NetworkSettings.of("berth", ipv4, null, DIRECTORY, DIRECTORY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IPv4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd42::1/48", "10.0.0.1/24"})
    void ipv6NetThatIsNo64IsRefused(String ipv6) {
        assertThatThrownBy(() -> NetworkSettings.of("berth", null, ipv6, DIRECTORY, DIRECTORY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/64");
    }
}
