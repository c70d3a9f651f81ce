// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.settings.PlatformSettings;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CWE-918: nobody makes the platform call what they can't reach themselves. */
class ReachTest {
    private final Reach usual = new Reach(PlatformSettings.from(Map.of()));
    private final Reach wider = new Reach(PlatformSettings.from(
            Map.of("BERTH_WEBHOOK_PORTS", "443,80", "BERTH_WEBHOOK_NETWORKS", "10.1.0.0/16,fd00:1::/64")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "10.181.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "169.254.169.254", // metadata of AWS, Azure, GCP
                "168.63.129.16",
                "192.0.2.1",
                "198.19.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "fe80::1",
                "fc00::1",
                "fd42:7a1c:b0e5:1::1",
                "fd00:ec2::254", // AWS again
                "ff02::1",
                "64:ff9b::7f00:1", // NAT64 of 127.0.0.1
                "2002:7f00:1::1", // 6to4 of the same
                "2001:0:7f00:1::1", // Teredo
                "2001:db8::1"
            })
    void nothingGoesToWhatIsNotOnTheInternet(String address) {
        assertThat(usual.admits(InetAddress.ofLiteral(address), true)).isFalse();
    }

    @Test
    void theInternetIsReachedEncryptedAndNetworksOfTheOperatorsAnyhow() {
        for (String address : new String[] {"8.8.8.8", "2606:4700::1111"}) {
            assertThat(usual.admits(InetAddress.ofLiteral(address), true)).isTrue();
            assertThat(usual.admits(InetAddress.ofLiteral(address), false)).isFalse();
            assertThat(wider.admits(InetAddress.ofLiteral(address), false)).isFalse();
        }
        assertThat(wider.admits(InetAddress.ofLiteral("10.1.2.3"), false)).isTrue();
        assertThat(wider.admits(InetAddress.ofLiteral("10.2.2.3"), true)).isFalse();
        assertThat(wider.admits(InetAddress.ofLiteral("fd00:1::5"), false)).isTrue();
        assertThat(wider.admits(InetAddress.ofLiteral("fd00:2::5"), true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/",
                "https://example.org:22/",
                "https://user@example.org/",
                "https:///path",
                "https://example.org/#x",
                "file:///etc/passwd",
                "gopher://example.org/",
                "https://exa mple.org/",
                "example.org"
            })
    void anAddressThatIsNoneIsRefusedAtOnce(String url) {
        assertThat(usual.complaint(url)).isNotNull();
        assertThat(usual.complaint("https://example.org/berth?a=b")).isNull();
        assertThat(wider.complaint("http://10.1.2.3/")).isNull();
    }
}
