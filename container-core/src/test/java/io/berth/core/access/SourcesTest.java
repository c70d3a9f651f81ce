// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.InvalidSpecException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourcesTest {
    @Test
    void emptyListLetsEverybodyIn() {
        assertThat(allow("192.0.2.1")).isTrue();
    }

    @Test
    void addressIsItself() {
        assertThat(allow("192.0.2.1", "192.0.2.1")).isTrue();
        assertThat(allow("192.0.2.2", "192.0.2.1")).isFalse();
        assertThat(allow("2001:db8::1", "2001:db8:0:0:0:0:0:1")).isTrue();
    }

    @Test
    void networkEndsAtItsLastBit() {
        assertThat(allow("192.0.2.127", "192.0.2.0/25")).isTrue();
        assertThat(allow("192.0.2.128", "192.0.2.0/25")).isFalse();
        assertThat(allow("2001:db8:0:1:ffff::", "2001:db8:0:1::/64")).isTrue();
        assertThat(allow("2001:db8:0:2::", "2001:db8:0:1::/64")).isFalse();
        assertThat(allow("203.0.113.9", "0.0.0.0/0")).isTrue();
    }

    @Test
    void oneFamilyNeverMatchesTheOther() {
        assertThat(allow("::1", "0.0.0.0/0")).isFalse();
        assertThat(allow("127.0.0.1", "::/0")).isFalse();
    }

    @Test
    void wildcardsAreForIpv4() {
        assertThat(allow("10.1.2.3", "10.*.3")).isTrue();
        assertThat(allow("10.1.2.33", "10.1.2.?")).isFalse();
        assertThat(allow("110.1.2.3", "10.*")).isFalse();
    }

    @Test
    void refusalWinsWhereverItStands() {
        assertThat(allow("10.0.0.5", "10.0.0.0/8", "!10.0.0.5")).isFalse();
        assertThat(allow("10.0.0.5", "!10.0.0.5", "10.0.0.0/8")).isFalse();
        assertThat(allow("10.0.0.6", "!10.0.0.5", "10.0.0.0/8")).isTrue();
    }

    @Test
    void refusalsAloneLetNobodyInAndAreNotTaken() {
        assertThatThrownBy(() -> Sources.of(List.of("!10.0.0.5")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("from: ")
                .hasMessageContaining("0.0.0.0/0");
    }

    @Test
    void whatIsNoSourceIsRefusedWithTheCure() {
        for (String text : List.of(
                "",
                "!",
                "example.org",
                "*.example.org",
                "10.0.0.1/8",
                "10.0.0.0/33",
                "::/129",
                "127.1",
                "2130706433",
                "::ffff:10.0.0.0/104",
                "fe80::1%eth0",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.256",
                "10.0.0.0/8/8")) {
            assertThatThrownBy(() -> new Source(text))
                    .as(text)
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("is no source; give ");
        }
    }

    @Test
    void manyStarsAreQuick() {
        assertThat(Wildcards.match("*a".repeat(500) + "b", "a".repeat(5000))).isFalse();
    }

    private static boolean allow(String address, String... sources) {
        return Sources.of(List.of(sources)).allow(InetAddress.ofLiteral(address));
    }
}
