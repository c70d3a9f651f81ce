// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How finely usage is told. */
enum Resolution {
    HOUR("usage_hours", "hour", ChronoUnit.HOURS),
    /** Of UTC. */
    DAY("usage_days", "day", ChronoUnit.DAYS);

    private final String table;
    private final String column;
    private final ChronoUnit unit;

    Resolution(String table, String column, ChronoUnit unit) {
        this.table = table;
        this.column = column;
        this.unit = unit;
    }

    String table() {
        return table;
    }

    String column() {
        return column;
    }

    Instant endOf(Instant begin) {
        return begin.plus(1, unit);
    }
}
