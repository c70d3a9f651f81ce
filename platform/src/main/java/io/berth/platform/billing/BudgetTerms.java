// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigInteger;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may cost in a month, and what comes of it; pure.
 *
 * @param monthly minor units, net
 * @param alerts in percent of it, rising: when it is told
 */
record BudgetTerms(String currency, long monthly, List<Integer> alerts, BudgetCaps caps) {
    BudgetTerms {
        alerts = List.copyOf(new TreeSet<>(alerts));
        if (monthly <= 0) {
            throw new IllegalArgumentException("a budget is above 0: " + monthly);
        }
    }

    /** Whole percent, cut off: 100 is all of it and no cent less. */
    int percent(long spent) {
        return BigInteger.valueOf(spent)
                .multiply(BigInteger.valueOf(100))
                .divide(BigInteger.valueOf(monthly))
                .min(BigInteger.valueOf(Integer.MAX_VALUE))
                .intValueExact();
    }

    /** Null for none. */
    @Nullable
    BudgetStep step(long spent) {
        int percent = percent(spent);
        BudgetStep due = null;
        for (BudgetStep step : BudgetStep.values()) {
            Integer at = caps.at(step);
            if (at != null && percent >= at) {
                due = step;
            }
        }
        return due;
    }

    /**
     * Which alerts are due.
     *
     * @param told the highest that was told in this month, 0 for none
     */
    List<Integer> due(long spent, int told) {
        int percent = percent(spent);
        return alerts.stream().filter(at -> at > told && at <= percent).toList();
    }

    /** The highest of what was told that still holds, 0 for none: after a budget was raised it is told again. */
    int stillTold(long spent, int before) {
        int percent = Math.min(before, percent(spent));
        return alerts.stream()
                .filter(at -> at <= percent)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }
}
