// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

/** How often a schedule takes a snapshot. */
enum Cadence {
    HOURLY(Duration.ofHours(1), 5),
    /** In the night of UTC. */
    DAILY(Duration.ofDays(1), 120),
    WEEKLY(Duration.ofDays(7), 120);

    private static final long DAY_SECONDS = 86_400;
    private static final long MONDAY = 4; // 1970-01-05

    private final Duration every;
    private final int spreadMinutes;

    /** @param spreadMinutes over which the containers are spread, as all of a node's at once would meet in one commit */
    Cadence(Duration every, int spreadMinutes) {
        this.every = every;
        this.spreadMinutes = spreadMinutes;
    }

    /** @param name what stands in the path */
    static Cadence of(String name) {
        return Arrays.stream(values())
                .filter(cadence -> cadence.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("schedule", name));
    }

    /** The next time after now, the same time of each period for a container. */
    Instant next(UUID container, Instant now) {
        Duration offset = Duration.ofMinutes(Math.floorMod(container.hashCode(), spreadMinutes));
        long beginning = this == WEEKLY ? MONDAY * DAY_SECONDS : 0;
        long period = Math.floorDiv(now.minus(offset).getEpochSecond() - beginning, every.toSeconds());
        return Instant.ofEpochSecond(beginning)
                .plus(every.multipliedBy(period + 1))
                .plus(offset)
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** Begins the names of what it takes. */
    String prefix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
