// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.platform.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** From when, inclusive, to when, exclusive, as somebody asks for it. */
record Span(Instant from, Instant to) {
    /** No usage is older, and no database's calendar ends in between. */
    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /** What is left out is this month, UTC, until now. */
    static Span of(@Nullable Instant from, @Nullable Instant to, Clock clock) {
        Instant now = clock.instant();
        Instant begin = from == null
                ? now.atZone(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.DAYS)
                        .withDayOfMonth(1)
                        .toInstant()
                : within("from", from);
        Instant end = to == null ? within("to", now) : within("to", to);
        if (end.isBefore(begin)) {
            throw ProblemException.field("to", "to: " + end + " is before from, " + begin + "; give a later time");
        }
        return new Span(begin, end);
    }

    private static Instant within(String field, Instant time) {
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw ProblemException.field(field, field + ": use a time from " + EARLIEST + " to " + LATEST);
        }
        return time;
    }

    OffsetDateTime fromTime() {
        return from.atOffset(ZoneOffset.UTC);
    }

    OffsetDateTime toTime() {
        return to.atOffset(ZoneOffset.UTC);
    }
}
