// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private final AtomicLong now = new AtomicLong(1_000);
    private final Budget budget = new Budget(now::get);

    @Test
    void aSecondMayBeSpentAtOnce() {
        budget.spend(Budget.BURST.toNanos() - 1);
        assertThat(budget.due()).isZero();
        budget.spend(1);
        assertThat(budget.due()).isPositive();
    }

    @Test
    void whatWasOverspentIsWaitedForTwentyTimes() {
        budget.spend(Budget.BURST.toNanos() + Duration.ofMillis(5).toNanos());
        Duration due = budget.due();
        assertThat(due).isBetween(Duration.ofMillis(100), Duration.ofMillis(101));
        now.addAndGet(due.toNanos() - 100);
        assertThat(budget.due()).isPositive();
        now.addAndGet(200);
        assertThat(budget.due()).isZero();
    }

    @Test
    void restEarnsNoMoreThanABurst() {
        now.addAndGet(Duration.ofDays(1).toNanos());
        budget.spend(Budget.BURST.toNanos());
        assertThat(budget.due()).isPositive();
    }
}
