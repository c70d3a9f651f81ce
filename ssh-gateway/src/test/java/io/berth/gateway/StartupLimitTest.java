// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class StartupLimitTest {
    private final StartupLimit limit = new StartupLimit(3, 2);

    @Test
    void eachSourceHasItsShare() {
        assertThat(limit.admit(from("192.0.2.1", 1))).isTrue();
        assertThat(limit.admit(from("192.0.2.1", 2))).isTrue();
        assertThat(limit.admit(from("192.0.2.1", 3))).isFalse();
        assertThat(limit.admit(from("192.0.2.2", 1))).isTrue();
    }

    @Test
    void allHaveATotal() {
        for (int host = 1; host <= 3; host++) {
            assertThat(limit.admit(from("192.0.2." + host, 1))).isTrue();
        }
        assertThat(limit.admit(from("192.0.2.4", 1))).isFalse();
    }

    @Test
    void whoLeavesMakesRoom() {
        limit.admit(from("192.0.2.1", 1));
        limit.admit(from("192.0.2.1", 2));
        limit.forget(from("192.0.2.1", 1));
        assertThat(limit.admit(from("192.0.2.1", 3))).isTrue();
    }

    @Test
    void networkOfAnIpv6HostIsOneSource() {
        assertThat(limit.admit(from("2001:db8::1", 1))).isTrue();
        assertThat(limit.admit(from("2001:db8::2", 1))).isTrue();
        assertThat(limit.admit(from("2001:db8::3", 1))).isFalse();
        assertThat(limit.admit(from("2001:db8:0:1::1", 1))).isTrue();
    }

    private static InetSocketAddress from(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
