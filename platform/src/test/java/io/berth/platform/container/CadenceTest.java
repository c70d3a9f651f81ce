// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CadenceTest {
    private static final Instant NOW = Instant.parse("2026-11-26T13:37:11.5Z"); // a Thursday

    @ParameterizedTest
    @EnumSource
    void theNextTimeIsOnePeriodAfterTheLastAndAlwaysAhead(Cadence cadence) {
        UUID container = UUID.randomUUID();
        Instant first = cadence.next(container, NOW);
        Duration period = Duration.between(first, cadence.next(container, first));
        assertThat(period)
                .isEqualTo(
                        switch (cadence) {
                            case HOURLY -> Duration.ofHours(1);
                            case DAILY -> Duration.ofDays(1);
                            case WEEKLY -> Duration.ofDays(7);
                        });
        assertThat(first).isAfter(NOW).isBeforeOrEqualTo(NOW.plus(period));
        assertThat(cadence.next(container, first.minusMillis(1))).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(names = {"DAILY", "WEEKLY"})
    void daysBeginInTheNightAndWeeksOnMondays(Cadence cadence) {
        var next = cadence.next(UUID.randomUUID(), NOW).atOffset(ZoneOffset.UTC);
        assertThat(next.getHour()).isLessThan(2);
        if (cadence == Cadence.WEEKLY) {
            assertThat(next.getDayOfWeek()).isEqualTo(DayOfWeek.MONDAY);
        }
    }
}
