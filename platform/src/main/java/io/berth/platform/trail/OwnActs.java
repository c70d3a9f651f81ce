// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import com.github.f4b6a3.uuid.UuidCreator;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What the platform does by itself, later than somebody asked for it: an entry as of a request that nobody sent. */
@Component
public class OwnActs {
    private static final String SOURCE = "platform";

    private final TrailRows rows;
    private final Redaction redaction;
    private final Clock clock;

    OwnActs(TrailRows rows, Redaction redaction, Clock clock) {
        this.rows = rows;
        this.redaction = redaction;
        this.clock = clock;
    }

    /**
     * Written in the transaction that does it.
     *
     * @param path of what it is done to
     * @param before a record that JSON can be made of: how it was
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void wrote(String method, String path, UUID tenant, Object before) {
        rows.write(new TrailEntry(
                UuidCreator.getTimeOrderedEpoch(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                null,
                null,
                null,
                SOURCE,
                null,
                tenant,
                method,
                path,
                Outcome.DONE,
                null,
                null,
                redaction.of(before),
                null));
    }
}
