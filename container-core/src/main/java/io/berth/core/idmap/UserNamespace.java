// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.SecureBit;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import java.time.Duration;
import java.util.Map;

/** User namespaces; a JVM can't make one itself, having many threads. See user_namespaces(7). */
public final class UserNamespace {
    private static final int UNSHARED = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] GO = {1};

    private UserNamespace() {}

    /**
     * The steps of the process that lends its name to the new namespace and exits. It makes the namespace as the container's own
     * root uid, not as the host's root: the kernel charges inotify instances, namespaces and the like of all descendants to the
     * maker (struct ucounts), so each container has a budget of its own and none can use up the host's.
     */
    public static Plan plan(long base) {
        PlanBuilder builder = Plan.builder("berth-userns");
        Slot mapped = builder.slot("mapped");
        return builder.call(
                        "keep capabilities",
                        Sys.PRCTL,
                        Prctl.PR_SET_SECUREBITS,
                        SecureBit.SECBIT_NO_SETUID_FIXUP,
                        0,
                        0,
                        0)
                .call("be the container's root group", Sys.SETRESGID, base, base, base)
                .call("be the container's root", Sys.SETRESUID, base, base, base)
                .call("make the user namespace", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_NEWUSER))
                .tell(UNSHARED, 0)
                .await("id maps", mapped)
                .end(0)
                .build();
    }

    /**
     * A namespace whose ids 0 to 65535 are the host's {@code base} and following. It has no process and is owned by the host's
     * root; it lives as long as the fd or a member.
     */
    public static Fd create(Spawner spawner, long base) {
        Plan plan = plan(base);
        try (Pipe mapped = FileCalls.pipe2();
                Spawner.Running process =
                        spawner.start(plan, Map.of(plan.slots().getFirst(), mapped.readEnd()))) {
            try {
                process.report().expect(UNSHARED, PATIENCE, process.child().pidfd());
                return map(process.child().pid(), base);
            } finally {
                FileCalls.write(mapped.writeEnd(), GO);
                process.child().waitFor();
            }
        }
    }

    private static Fd map(int pid, long base) {
        String map = "0 " + base + " " + IdPool.RANGE + "\n";
        try (Fd proc = FileCalls.openat("/proc/" + pid, OpenFlag.O_PATH, OpenFlag.O_DIRECTORY)) {
            FileCalls.writeFile(proc, "uid_map", map);
            FileCalls.writeFile(proc, "gid_map", map);
            return FileCalls.openat(proc, "ns/user", OpenFlag.O_RDONLY);
        }
    }
}
