// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewaySettingsTest {
    @Test
    void defaults() {
        GatewaySettings settings = GatewaySettings.from(Map.of());
        assertThat(settings.stateDir()).isEqualTo(Path.of("/var/lib/berth"));
        assertThat(settings.runDir()).isEqualTo(Path.of("/run/berth"));
        assertThat(settings.platform()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080));
        assertThat(settings.listen()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("::"), 2222));
    }

    @Test
    void mapping() {
        GatewaySettings settings = GatewaySettings.from(Map.of(
                "BERTH_STATE_DIR", "/srv/state",
                "BERTH_RUN_DIR", "/srv/run",
                "BERTH_HTTP_ADDRESS", "10.0.0.1",
                "BERTH_HTTP_PORT", "81",
                "BERTH_SSH_ADDRESS", "192.0.2.1",
                "BERTH_SSH_PORT", "22"));
        assertThat(settings.hostKey()).isEqualTo(Path.of("/srv/state/gateway/ssh_host_ed25519_key"));
        assertThat(settings.token()).isEqualTo(Path.of("/srv/state/platform/gateway.token"));
        assertThat(settings.agentSocket()).isEqualTo(Path.of("/srv/run/agent.sock"));
        assertThat(settings.logins()).isEqualTo(URI.create("http://10.0.0.1:81/api/v1/gateway/logins"));
        assertThat(settings.listen()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 22));
    }

    @Test
    void platformOnEveryAddressIsAskedOverLoopback() {
        assertThat(GatewaySettings.from(Map.of("BERTH_HTTP_ADDRESS", "0.0.0.0"))
                        .logins()
                        .getHost())
                .isEqualTo("127.0.0.1");
        assertThat(GatewaySettings.from(Map.of("BERTH_HTTP_ADDRESS", "::"))
                        .logins()
                        .getHost())
                .isEqualTo("[::1]");
    }

    @Test
    void emptyMeansUnset() {
        assertThat(GatewaySettings.from(Map.of("BERTH_SSH_PORT", " ")).listen().getPort())
                .isEqualTo(2222);
    }

    @Test
    void wrongValueNamesItsVariableAndTheCure() {
        assertWrong("BERTH_SSH_PORT", "ssh", "a port");
        assertWrong("BERTH_SSH_PORT", "0", "a port");
        assertWrong("BERTH_HTTP_PORT", "65536", "a port");
        assertWrong("BERTH_SSH_ADDRESS", "localhost", "an IPv4 or IPv6 address");
        assertWrong("BERTH_STATE_DIR", "state", "an absolute path");
        assertWrong("BERTH_RUN_DIR", "/run/../etc", "an absolute path");
    }

    private static void assertWrong(String name, String value, String cure) {
        assertThatThrownBy(() -> GatewaySettings.from(Map.of(name, value)))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(name + "='" + value + "' is wrong; set it to " + cure);
    }
}
