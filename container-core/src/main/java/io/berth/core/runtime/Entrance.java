// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.Spawner;
import java.util.List;
import java.util.Map;

/** Where a container's first processes come from: something that starts plans in the cgroups they belong to. */
interface Entrance extends AutoCloseable {
    /** As {@link Spawner#start(Plan, Fd, Map, List)}; the process is a child of this JVM. */
    Spawner.Running start(Plan plan, Fd code, Map<Slot, Fd> fds, List<Fd> standard);

    @Override
    void close();

    /** For hosts with a pure cgroup v2, where clone3 puts a process into its cgroup at no cost. */
    record Direct(Spawner spawner) implements Entrance {
        @Override
        public Spawner.Running start(Plan plan, Fd code, Map<Slot, Fd> fds, List<Fd> standard) {
            return spawner.start(plan, code, fds, standard);
        }

        @Override
        public void close() {}
    }
}
