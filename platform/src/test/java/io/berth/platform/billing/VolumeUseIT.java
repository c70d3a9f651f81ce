// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What volumes are charged for, from the spans that the database keeps of them. */
@ExtendWith(SharedPlatform.class)
class VolumeUseIT {
    private static final long GIB = 1L << 30;
    private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);

    private final DailyUse use;
    private final JdbcClient jdbc;
    private final UUID tenant = UUID.randomUUID();

    VolumeUseIT(RunningPlatform platform) {
        this.use = platform.bean(DailyUse.class);
        this.jdbc = platform.bean(JdbcClient.class);
    }

    private void span(UUID volume, long gib, String since, @Nullable String until) {
        jdbc.sql("""
                        insert into volume_spans (volume_id, tenant_id, disk_bytes, since, until)
                        values (:volume, :tenant, :bytes, cast(:since as timestamptz), cast(:until as timestamptz))
                        """)
                .param("volume", volume)
                .param("tenant", tenant)
                .param("bytes", gib * GIB)
                .param("since", since)
                .param("until", until)
                .update();
    }

    private static BigInteger gibSeconds(long seconds) {
        return BigInteger.valueOf(seconds * GIB);
    }

    private List<BigInteger> bySecond(int days) {
        return use.of(tenant, FIRST, FIRST.plusDays(days)).stream()
                .map(day -> day.bySecond().getOrDefault(Meter.VOLUME, BigInteger.ZERO))
                .toList();
    }

    private List<BigInteger> byHour(int days) {
        return use.of(tenant, FIRST, FIRST.plusDays(days)).stream()
                .map(day -> day.byHour().getOrDefault(Meter.VOLUME, BigInteger.ZERO))
                .toList();
    }

    @Test
    void whatIsReservedIsChargedBySecondsOrBegunHours() {
        UUID volume = UUID.randomUUID();
        span(volume, 1, "2026-03-01T23:59:30Z", "2026-03-02T01:00:10Z");
        span(volume, 3, "2026-03-02T01:00:10Z", "2026-03-02T01:00:20Z");
        span(UUID.randomUUID(), 2, "2026-03-03T00:00:00Z", "2026-03-03T00:00:01Z");
        span(UUID.randomUUID(), 9, "2026-03-03T05:00:00Z", "2026-03-03T05:00:00Z");
        assertThat(bySecond(3)).containsExactly(gibSeconds(30), gibSeconds(3610 + 30), gibSeconds(2));
        assertThat(byHour(3))
                .as("a begun hour is whole, at what was had on average while it was had")
                .containsExactly(gibSeconds(3600), gibSeconds(3600 + 2 * 3600), gibSeconds(2 * 3600));
    }

    @Test
    void whatIsStillThereIsChargedUntilNowAndNotBeyond() {
        span(UUID.randomUUID(), 1, "2026-02-20T00:00:00Z", null);
        assertThat(bySecond(2)).containsExactly(gibSeconds(86_400), gibSeconds(86_400));
        assertThat(byHour(2)).containsExactly(gibSeconds(86_400), gibSeconds(86_400));
        LocalDate farAhead = LocalDate.now(ZoneOffset.UTC).plusDays(2);
        assertThat(use.of(tenant, farAhead, farAhead.plusDays(1)).getFirst().bySecond())
                .doesNotContainKey(Meter.VOLUME);
    }
}
