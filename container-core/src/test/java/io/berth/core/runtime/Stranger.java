// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import io.berth.core.spec.ContainerId;
import java.util.Map;

/** As if a process had left user and pid namespace behind: host's root, outside, with one container's label. */
record Stranger(TestNode test, ContainerId labelOf) {
    static final int PTRACE_SEIZE = 0x4206; // include/uapi/linux/ptrace.h

    /** What the call returns to it, or the errno's negative. */
    long call(Sys call, Object... arguments) {
        PlanBuilder plan = Plan.builder("stranger");
        Cell result = plan.cell("result");
        test.label(labelOf).take(plan);
        plan.call("reach out", call, arguments)
                .ignoreErrors()
                .into(result)
                .tell(1, result)
                .end(0);
        try (Spawner spawner = Spawner.load();
                Spawner.Running running = spawner.start(plan.build(), Map.of())) {
            long told = running.report().expect(1);
            running.child().waitFor();
            return told;
        }
    }
}
