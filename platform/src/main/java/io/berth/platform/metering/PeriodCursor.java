// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.platform.problem.ProblemException;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a page of periods ended: {@code SECONDS.CONTAINER}. */
record PeriodCursor(Instant at, UUID container) {
    private static final UUID NONE = new UUID(0, 0);
    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,10})\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    private static final PeriodCursor START = new PeriodCursor(Instant.EPOCH, NONE);

    static PeriodCursor of(UsagePeriod last) {
        return new PeriodCursor(last.from(), last.container() == null ? NONE : last.container());
    }

    static PeriodCursor parse(String cursor) {
        if (cursor.isEmpty()) {
            return START;
        }
        Matcher form = FORM.matcher(cursor);
        if (!form.matches()) {
            throw ProblemException.field("cursor", "cursor: give one as a page's 'next' has it, or none");
        }
        return new PeriodCursor(Instant.ofEpochSecond(Long.parseLong(form.group(1))), UUID.fromString(form.group(2)));
    }

    @Override
    public String toString() {
        return at.getEpochSecond() + "." + container;
    }
}
