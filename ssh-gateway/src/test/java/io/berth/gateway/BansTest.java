// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BansTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private static Bans bans(String... networks) {
        return new Bans(
                1, List.of(networks).stream().map(it -> new Bans.Ban(it, null)).toList());
    }

    private static boolean covers(Bans bans, String address) {
        return bans.cover(InetAddress.ofLiteral(address), NOW);
    }

    @Test
    void networksCoverTheirOwnAddressesAndNoOthers() {
        Bans bans = bans("192.0.2.0/25", "198.51.100.7/32", "2001:db8::/48");
        assertThat(covers(bans, "192.0.2.127")).isTrue();
        assertThat(covers(bans, "192.0.2.128")).isFalse();
        assertThat(covers(bans, "198.51.100.7")).isTrue();
        assertThat(covers(bans, "198.51.100.6")).isFalse();
        assertThat(covers(bans, "2001:db8:0:ffff::1")).isTrue();
        assertThat(covers(bans, "2001:db8:1::1")).isFalse();
        assertThat(covers(bans, "::ffff:192.0.2.1")).isTrue();
        assertThat(covers(Bans.NONE, "192.0.2.1")).isFalse();
    }

    @Test
    void banEndsAtItsMoment() {
        var bans = new Bans(1, List.of(new Bans.Ban("192.0.2.0/24", NOW.plusSeconds(1))));
        assertThat(covers(bans, "192.0.2.1")).isTrue();
        assertThat(bans.cover(InetAddress.ofLiteral("192.0.2.1"), NOW.plusSeconds(1)))
                .isFalse();
    }
}
