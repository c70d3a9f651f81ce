// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.core.protocol.MeterReading;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one sample counts for, beyond the sample before. Time is counted in whole seconds, so that however an interval is cut, its parts add up. What a
 * counter says is counted whenever it is heard of; what memory and files took in between is counted only where samples are close enough to tell.
 *
 * @param since null for one that does not run
 * @param counters the last that is known of this run's
 * @param seconds that it speaks for
 * @param runningSeconds of these
 * @param gapSeconds of which nothing is known; {@code seconds} is 0 then
 * @param isReset whether the counters had begun anew
 */
record Increment(
        Instant at,
        @Nullable Instant since,
        Counters counters,
        int seconds,
        int runningSeconds,
        int gapSeconds,
        boolean isReset,
        Counters.Used used) {
    /** Two and a half times the node's period: one sample may be lost or late. */
    static final Duration LONGEST_INTERVAL = Duration.ofSeconds(150);

    static Increment between(LastReading before, MeterReading now) {
        Instant at = now.at().truncatedTo(ChronoUnit.SECONDS);
        Instant since =
                now.since() == null ? null : now.since().truncatedTo(ChronoUnit.MICROS); // as the database keeps it
        Instant last = before.at();
        return last == null ? first(at, since, now) : next(before, last, at, since, now);
    }

    /** The first of all: one that has run for long has done so before anybody counted. */
    private static Increment first(Instant at, @Nullable Instant since, MeterReading now) {
        Counters counters = Counters.of(now);
        if (since == null) {
            return new Increment(at, null, Counters.UNKNOWN, 0, 0, 0, false, Counters.Used.NOTHING);
        }
        long ran = seconds(since, at);
        if (ran > LONGEST_INTERVAL.toSeconds()) {
            return new Increment(at, since, counters, 0, 0, 0, false, Counters.Used.NOTHING);
        }
        return new Increment(at, since, counters, (int) ran, (int) ran, 0, false, counters.since(Counters.ZERO));
    }

    private static Increment next(
            LastReading before, Instant last, Instant at, @Nullable Instant since, MeterReading now) {
        long elapsed = seconds(last, at);
        boolean isGap = elapsed > LONGEST_INTERVAL.toSeconds();
        int seconds = isGap ? 0 : (int) elapsed;
        int gap = isGap ? (int) Math.min(elapsed, Integer.MAX_VALUE) : 0;
        if (since == null) {
            return new Increment(at, null, Counters.UNKNOWN, seconds, 0, gap, false, Counters.Used.NOTHING);
        }
        Counters counters = Counters.of(now);
        if (since.equals(before.since())) {
            return new Increment(
                    at,
                    since,
                    counters.orElse(before.counters()),
                    seconds,
                    seconds,
                    gap,
                    counters.areBelow(before.counters()),
                    counters.since(before.counters()));
        }
        int running = (int) Math.min(seconds, seconds(since, at));
        return new Increment(at, since, counters, seconds, running, gap, true, counters.since(Counters.ZERO));
    }

    /** None where the clock was set back. */
    private static long seconds(Instant from, Instant to) {
        return Math.max(
                0, Duration.between(from.truncatedTo(ChronoUnit.SECONDS), to).toSeconds());
    }
}
