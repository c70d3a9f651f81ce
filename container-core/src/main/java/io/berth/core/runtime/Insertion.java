// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.Signal;
import io.berth.core.linux.Sys;
import io.berth.core.mount.Volume;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import io.berth.core.protocol.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Mounts that are put into a container that runs, by a process that enters its user and mount namespace, does that, and ends. It stays
 * outside of the pid namespace, where nothing inside can name it, and outside of the container's cgroup: a frozen one gets its
 * mounts, too. A path that it follows can only lead to what is the container's own.
 */
final class Insertion {
    /** A tenant's file system may never answer; this bounds what the agent waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PlanBuilder steps;
    private final Slot container;

    Insertion(String name) {
        this.steps = Plan.builder(name);
        this.container = steps.slot("container's init");
    }

    /** For slots, which come before {@link #enter}. */
    PlanBuilder steps() {
        return steps;
    }

    /** Steps that follow run inside, as the container's root. */
    PlanBuilder enter() {
        Flags namespaces = Flags.of(CloneFlag.CLONE_NEWUSER, CloneFlag.CLONE_NEWNS);
        steps.call("not dumpable", Sys.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0)
                .call("enter the container", Sys.SETNS, container, namespaces);
        EnterPlan.becomeRoot(steps);
        return steps;
    }

    /**
     * The same, with a volume that is locked on the way.
     *
     * @param volume its detached mount
     * @param staging an empty directory of the host
     * @param into the container's namespaces
     */
    Cell enterWith(Slot volume, String staging, Volume.Into into) {
        steps.call("not dumpable", Sys.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0);
        Cell locked = Volume.lock(steps, volume, staging, into);
        EnterPlan.becomeRoot(steps);
        return locked;
    }

    /**
     * @param init the pidfd of the container's PID 1
     * @throws io.berth.core.plan.PlanException when a step failed
     * @throws ContainerException when a path of the container's leads to where nobody answers
     */
    void run(Spawner spawner, Fd init, Map<Slot, Fd> fds) {
        Plan plan = steps.end(0).build();
        Map<Slot, Fd> all = new HashMap<>(fds);
        all.put(container, init);
        try (Spawner.Running process = spawner.start(plan, all)) {
            if (!PollCalls.awaitReadable(process.child().pidfd(), PATIENCE)) {
                process.child().kill(Signal.SIGKILL);
                process.child().waitFor();
                throw new ContainerException(
                        Refusal.FAILED,
                        "a path in the container leads to a file system that does not answer within " + PATIENCE
                                + "; stop what serves it there");
            }
            process.child().waitFor();
            process.report().next(); // throws what failed
        }
    }
}
