// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PenaltiesTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration FIVE = Duration.ofSeconds(5);

    @Test
    void defaultsAreThoseOfSshd() {
        PenaltySettings settings = PenaltySettings.parse(PenaltySettings.DEFAULTS);
        assertThat(settings).isEqualTo(PenaltySettings.parse("yes"));
        assertThat(settings.of(Penalty.CRASH)).hasSeconds(90);
        assertThat(settings.of(Penalty.AUTHFAIL)).hasSeconds(5);
        assertThat(settings.of(Penalty.NOAUTH)).hasSeconds(1);
        assertThat(settings.of(Penalty.GRACE_EXCEEDED)).hasSeconds(10);
        assertThat(settings.min()).hasSeconds(15);
        assertThat(settings.max()).hasMinutes(10);
        assertThat(settings.maxSources4()).isEqualTo(65_536);
        assertThat(settings.maxSources6()).isEqualTo(65_536);
        assertThat(settings.deniesAll()).isFalse();
        assertThat(settings.enabled()).isTrue();
    }

    @Test
    void whatIsNamedDiffersAndTheRestStays() {
        PenaltySettings settings = PenaltySettings.parse("crash:2m  max:1d overflow:deny-all");
        assertThat(settings.of(Penalty.CRASH)).hasMinutes(2);
        assertThat(settings.max()).hasDays(1);
        assertThat(settings.deniesAll()).isTrue();
        assertThat(settings.of(Penalty.AUTHFAIL)).hasSeconds(5);
        assertThat(PenaltySettings.parse("no").enabled()).isFalse();
    }

    @Test
    void wrongSettingsAreRefusedWithTheCure() {
        for (String text : List.of(
                "",
                "maybe",
                "crash",
                "crash:",
                "crash:x",
                "crash:1w",
                "typo:1",
                "overflow:1",
                "min:deny-all",
                "crash:99999999")) {
            assertThatThrownBy(() -> PenaltySettings.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pairs such as crash:90");
        }
    }

    @Test
    void fewOffencesAreForgivenAndTheyRunDown() {
        Penalties penalties = penalties("yes", 10);
        assertThat(penalties.add(source(1), FIVE, NOW)).isFalse();
        assertThat(penalties.add(source(1), FIVE, NOW)).isFalse();
        assertThat(penalties.refuses(source(1), NOW)).isFalse();
        assertThat(penalties.add(source(1), FIVE, NOW)).isTrue();
        assertThat(penalties.refuses(source(1), NOW.plusSeconds(14))).isTrue();
        assertThat(penalties.refuses(source(1), NOW.plusSeconds(15))).isFalse();
        assertThat(penalties.refuses(source(2), NOW)).isFalse();
        assertThat(penalties.add(source(2), FIVE, NOW)).isFalse();
        assertThat(penalties.add(source(2), FIVE, NOW.plusSeconds(60))).isFalse();
    }

    @Test
    void penaltyInForceStaysUntilItsEndAndGrowsToTheMost() {
        Penalties penalties = penalties("max:100", 10);
        assertThat(penalties.add(source(1), Duration.ofSeconds(90), NOW)).isTrue();
        assertThat(penalties.add(source(1), Duration.ofSeconds(90), NOW)).isFalse();
        assertThat(penalties.refuses(source(1), NOW.plusSeconds(99))).isTrue();
        assertThat(penalties.refuses(source(1), NOW.plusSeconds(100))).isFalse();
    }

    @Test
    void oneSourceMoreForgivesTheOldest() {
        Penalties penalties = penalties("yes", 2);
        for (int host = 1; host <= 3; host++) {
            penalties.add(source(host), Duration.ofSeconds(90), NOW);
        }
        assertThat(penalties.refuses(source(1), NOW)).isFalse();
        assertThat(penalties.refuses(source(2), NOW)).isTrue();
        assertThat(penalties.refuses(source(3), NOW)).isTrue();
        assertThat(penalties.size()).isEqualTo(2);
    }

    @Test
    void orNobodyComesInUntilOneHasServed() {
        Penalties penalties = penalties("overflow:deny-all", 2);
        penalties.add(source(1), Duration.ofSeconds(90), NOW);
        penalties.add(source(2), Duration.ofSeconds(20), NOW);
        assertThat(penalties.refuses(source(9), NOW.plusSeconds(19))).isTrue();
        assertThat(penalties.refuses(source(9), NOW.plusSeconds(21))).isFalse();
    }

    private static Penalties penalties(String settings, int most) {
        return new Penalties(PenaltySettings.parse(settings), most);
    }

    private static InetAddress source(int host) {
        return InetAddress.ofLiteral("192.0.2." + host);
    }
}
