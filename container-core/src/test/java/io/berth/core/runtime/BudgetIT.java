// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.PlanException;
import io.berth.core.plan.Spawner;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel counts for each user is counted for each container: one that uses up its own takes nothing of another's. Needs root. */
class BudgetIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MADE = 1;
    private static final byte[] END = {1};

    private TestNode test;
    private Spawner spawner;

    @BeforeEach
    void open() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 2);
        spawner = Spawner.load();
    }

    @AfterEach
    void close() {
        spawner.close();
        test.close();
    }

    /** A process of a container's root that does the same call again and again, and then holds what it has. */
    private final class Hog implements AutoCloseable {
        private final Pipe end = FileCalls.pipe2();
        private final Spawner.Running process;

        Hog(ContainerId id, int times, Sys call, Object... args) {
            PlanBuilder builder = Plan.builder("hog");
            Slot namespace = builder.slot("user namespace");
            Slot told = builder.slot("end");
            Cell count = builder.cell("count");
            Plan plan = builder.call("enter", Sys.SETNS, namespace, Flags.of(CloneFlag.CLONE_NEWUSER))
                    .call("be its root group", Sys.SETRESGID, 0, 0, 0)
                    .call("be its root", Sys.SETRESUID, 0, 0, 0)
                    .label("again")
                    .call("use up", call, args)
                    .add(count, 1)
                    .jumpIfLess(count, times, "again")
                    .tell(MADE, count)
                    .await("the end", told)
                    .end(0)
                    .build();
            try (Fd userNamespace = FileCalls.openat(
                    "/proc/" + Objects.requireNonNull(test.status(id).initPid()) + "/ns/user", OpenFlag.O_RDONLY)) {
                process = spawner.start(plan, Map.of(namespace, userNamespace, told, end.readEnd()));
            }
        }

        long made() {
            return process.report().expect(MADE, PATIENCE, process.child().pidfd());
        }

        @Override
        public void close() {
            FileCalls.write(end.writeEnd(), END);
            process.child().waitFor();
            process.close();
            end.close();
        }
    }

    @Test
    void inotifyInstancesAreCountedForEachContainer() {
        ContainerId greedy = test.start("greedy");
        ContainerId modest = test.start("modest");
        int most = Integer.parseInt(SysctlSnapshot.value(Path.of("/proc/sys/fs/inotify/max_user_instances")));
        try (Hog all = new Hog(greedy, most, Sys.INOTIFY_INIT1, 0)) {
            assertThat(all.made()).isEqualTo(most);
            try (Hog more = new Hog(greedy, 1, Sys.INOTIFY_INIT1, 0)) {
                assertThatThrownBy(more::made)
                        .isInstanceOfSatisfying(
                                PlanException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EMFILE));
            }
            try (Hog neighbour = new Hog(modest, most, Sys.INOTIFY_INIT1, 0)) {
                assertThat(neighbour.made()).isEqualTo(most);
            }
        }
        try (Hog freed = new Hog(greedy, most, Sys.INOTIFY_INIT1, 0)) {
            assertThat(freed.made()).isEqualTo(most);
        }
    }

    /** user.max_uts_namespaces, set by a container's root for its own: namespaces(7), "The /proc/sys/user directory". */
    @Test
    void namespacesAreCountedForEachContainer() {
        ContainerId greedy = test.start("greedy");
        ContainerId modest = test.start("modest");
        Flags uts = Flags.of(CloneFlag.CLONE_NEWUTS);
        int most = 2;
        assertThat(test.run(greedy, "echo " + most + " > /proc/sys/user/max_uts_namespaces")
                        .exit())
                .isEqualTo(new Reply.Exited(0, null));
        try (Hog one = new Hog(greedy, 1, Sys.UNSHARE, uts);
                Hog two = new Hog(greedy, 1, Sys.UNSHARE, uts)) {
            assertThat(one.made() + two.made()).isEqualTo(2);
            try (Hog three = new Hog(greedy, 1, Sys.UNSHARE, uts)) {
                assertThatThrownBy(three::made)
                        .isInstanceOfSatisfying(
                                PlanException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
            }
            try (Hog neighbour = new Hog(modest, 1, Sys.UNSHARE, uts)) {
                assertThat(neighbour.made()).isEqualTo(1);
            }
        }
    }

    /** RLIMIT_NPROC and its kin count a user's processes, and user 1000 of one container is another than that of the next. */
    @Test
    void resourceLimitsOfAUserAreCountedForEachContainer() {
        ContainerId greedy = test.create("greedy", new Limits(256L << 20, 1000, 200));
        test.node().start(greedy);
        ContainerId modest = test.start("modest");
        String fork = "ulimit -u 20; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1000 >/dev/null 2>&1 & done; echo made";
        assertThat(test.run(greedy, "demo", fork).out()).isEqualTo("made\n");
        assertThat(test.run(greedy, "demo", fork + "; true").err()).contains("fork");
        assertThat(test.run(modest, "demo", fork))
                .isEqualTo(new TestNode.Result("made\n", "", new Reply.Exited(0, null)));
    }
}
