// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.Sys;
import io.berth.core.namespace.Namespaces;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.OomScore;
import io.berth.core.runtime.ForkLoop.Teller;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The door of a running container: a process that has stepped into its namespaces with one setns(2), has lost what every process
 * there loses, and forks the logins, which are born confined. A login itself enters the cgroup namespace, once it is in its cgroup.
 *
 * <p>Nobody inside can see it, signal it or trace it: it is not in the pid namespace, only its children are. It keeps the host's uid 0,
 * without any capability outside the container, because that uid owns the cgroup directories that a child is cloned into and
 * container root owns only those below.
 */
record DoorPlan(Plan plan, Slot requests, Slot go, Slot container, Slot label) {
    private static final int INIT_FD = ForkLoop.FIRST_OWN_FD + 1;

    /** Told once the filter is on: its listener can be fetched. */
    static final int LISTENING = 1;

    /** The listener of the door's filter; above the loop's own. No child has it: the loop closes its own in them. */
    static final int LISTENER_FD = ForkLoop.FIRST_OWN_FD + 2;

    /**
     * Composes it once for all containers, as long as the policy stays.
     *
     * @param seccomp emits the steps that install the filter, and says where its listener is
     * @param dropCapabilities emits the steps that shrink the bounding set, which setns(2) hands out in full
     * @param takeLabel emits the steps that take the container's label, of which the slot has a file
     */
    static DoorPlan compose(
            Function<PlanBuilder, Cell> seccomp,
            Consumer<PlanBuilder> dropCapabilities,
            BiConsumer<PlanBuilder, Slot> takeLabel) {
        PlanBuilder plan = Plan.builder("berth-door");
        Slot requests = plan.slot("requests");
        Slot go = plan.slot("go");
        Slot container = plan.slot("container's init");
        Slot label = plan.slot("label");
        plan.call("be named", Sys.PRCTL, Prctl.PR_SET_NAME, "berth-door", 0, 0, 0)
                .await("that the cgroups are joined", go);
        notDumpable(plan);
        OomScore.reset(plan);
        plan.call("keep the container's init", Sys.DUP3, container, INIT_FD, Flags.of(OpenFlag.O_CLOEXEC))
                .call("enter the container", Sys.SETNS, INIT_FD, Namespaces.TO_ENTER);
        dropCapabilities.accept(plan);
        takeLabel.accept(plan, label);
        Cell listener = seccomp.apply(plan);
        plan.call("keep the listener", Sys.DUP3, listener, LISTENER_FD, Flags.of(OpenFlag.O_CLOEXEC))
                .call("close the listener", Sys.CLOSE, listener)
                .tell(LISTENING, LISTENER_FD);
        notDumpable(plan); // setns(2) into a user namespace may have set it to what fs.suid_dumpable says
        ForkLoop.serve(
                plan,
                requests,
                Teller.PARENT,
                child -> child.call("enter the cgroup namespace", Sys.SETNS, INIT_FD, Namespaces.WITHIN_CGROUP));
        return new DoorPlan(plan.build(), requests, go, container, label);
    }

    /** Else container root reads a child's memory and executable through /proc before its exec (CVE-2016-9962's class). */
    private static void notDumpable(PlanBuilder plan) {
        plan.call("not dumpable", Sys.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
}
