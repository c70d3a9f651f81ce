// SPDX-License-Identifier: Apache-2.0
package io.berth.core.namespace;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import java.time.Duration;
import java.util.Map;

/**
 * A container's network namespace, made before anything is in it: it takes the kernel milliseconds, and connecting it takes some more,
 * which go by while the rest of the container is made. See network_namespaces(7).
 */
public final class NetworkNamespace {
    private static final int UNSHARED = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] GO = {1};

    private NetworkNamespace() {}

    /** The steps of the process that makes it, as a member of the user namespace that is to own it, and ends. */
    public static Plan plan() {
        PlanBuilder builder = Plan.builder("berth-netns");
        Slot userNamespace = builder.slot("user namespace");
        Slot taken = builder.slot("taken");
        return builder.call("enter the user namespace", Sys.SETNS, userNamespace, CloneFlag.CLONE_NEWUSER)
                .call("make the network namespace", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_NEWNET))
                .tell(UNSHARED, 0)
                .await("that it was taken", taken)
                .end(0)
                .build();
    }

    /** A namespace that the user namespace owns. It has no process; it lives as long as the fd or a member. */
    public static Fd create(Spawner spawner, Fd userNamespace) {
        Plan plan = plan();
        try (Pipe taken = FileCalls.pipe2();
                Spawner.Running process = spawner.start(
                        plan,
                        Map.of(
                                plan.slots().getFirst(),
                                userNamespace,
                                plan.slots().getLast(),
                                taken.readEnd()))) {
            try {
                process.report().expect(UNSHARED, PATIENCE, process.child().pidfd());
                return FileCalls.openat("/proc/" + process.child().pid() + "/ns/net", OpenFlag.O_RDONLY);
            } finally {
                FileCalls.write(taken.writeEnd(), GO);
                process.child().waitFor();
            }
        }
    }
}
