// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Prctl;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.runtime.ForkLoop.Teller;

/**
 * The resident spawner: it sits in a container's v1 cgroups and forks the container's birth. Joining a v1 cgroup by writing a
 * pid waits for an RCU grace period (18 ms measured for the first write after a pause), being forked inside costs nothing.
 */
record ResidentPlan(Plan plan, Slot requests) {
    static ResidentPlan compose() {
        PlanBuilder plan = Plan.builder("berth-resident");
        Slot requests = plan.slot("requests");
        plan.call("be named", Sys.PRCTL, Prctl.PR_SET_NAME, "berth-resident", 0, 0, 0)
                .call("not dumpable", Sys.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0);
        ForkLoop.serve(plan, requests, Teller.CHILD, _ -> {});
        return new ResidentPlan(plan.build(), requests);
    }
}
