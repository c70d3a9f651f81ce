// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

/** What is done when so much of a budget is used up; each goes further than the one before, and none deletes anything. */
enum BudgetStep {
    /** Containers get a quarter of their processors. */
    THROTTLE,
    /** Containers stand still, and nobody logs in. */
    FREEZE,
    /** Containers are shut down, and nobody logs in. */
    STOP
}
