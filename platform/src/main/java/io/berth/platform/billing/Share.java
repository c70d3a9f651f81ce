// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * The days of a month, UTC, for which one plan holds.
 *
 * @param from the first of them
 * @param to the first that is none of them
 */
record Share(LocalDate from, LocalDate to) {
    Share {
        YearMonth month = YearMonth.from(from);
        if (!from.isBefore(to) || to.isAfter(month.plusMonths(1).atDay(1))) {
            throw new IllegalArgumentException("no days of one month: " + from + " to " + to);
        }
    }

    static Share of(YearMonth month) {
        return new Share(month.atDay(1), month.plusMonths(1).atDay(1));
    }

    YearMonth month() {
        return YearMonth.from(from);
    }

    int days() {
        return (int) (to.toEpochDay() - from.toEpochDay());
    }

    int monthDays() {
        return month().lengthOfMonth();
    }

    /** How many of its days are over at the beginning of that one. */
    int daysBefore(LocalDate day) {
        return Math.clamp(day.toEpochDay() - from.toEpochDay(), 0, days());
    }
}
