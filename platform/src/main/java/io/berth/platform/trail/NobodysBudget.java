// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** How many refusals of requests without a credential are written down: whoever needs none could fill the disk otherwise. */
@Component
class NobodysBudget {
    private static final Logger LOG = LoggerFactory.getLogger(NobodysBudget.class);
    private static final int MOST_A_MINUTE =
            600; // a crowd that mistypes its passwords, or a day's 864,000 rows of 400 bytes
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Clock clock;
    private Instant since = Instant.EPOCH;
    private long taken;

    NobodysBudget(Clock clock) {
        this.clock = clock;
    }

    synchronized boolean take() {
        Instant now = clock.instant();
        if (!now.isBefore(since.plus(MINUTE))) {
            if (taken > MOST_A_MINUTE) {
                LOG.warn("event=audit_left_out refusals={} since={}", taken - MOST_A_MINUTE, since);
            }
            since = now;
            taken = 0;
        }
        taken++;
        return taken <= MOST_A_MINUTE;
    }
}
