// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import java.util.List;
import java.util.Map;

/**
 * The descriptors that a process is born with beside its plan's and its report's.
 *
 * @param standard stdin, stdout and stderr
 * @param slots which descriptor each of the plan's slots is
 * @param lent what follows them, for a program to come
 */
record Outfit(List<Fd> standard, Map<Slot, Fd> slots, List<Fd> lent) {
    /** The number that the first of those that are lent has. */
    static int lentAt(List<Slot> slots) {
        return Plan.REPORT.number() + 1 + slots.size();
    }
}
