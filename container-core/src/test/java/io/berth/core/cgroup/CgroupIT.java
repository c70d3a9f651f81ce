// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.ExitStatus.Exited;
import io.berth.core.linux.ExitStatus.Killed;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import io.berth.core.plan.Spawner.Running;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Needs root, and cgroups as a machine has them. Everything is below a parent of its own, which the next run cleans too. */
@Timeout(60)
class CgroupIT {
    private static final String INSTANCE = "berthcgit";
    private static final int UID_BASE = 1 << 29;
    private static final long MIB = 1L << 20;
    private static final Limits LIMITS = new Limits(64 * MIB, 500, 100);
    private static final Duration SOON = Duration.ofSeconds(10);

    private static Spawner spawner;
    private static Cgroups cgroups;
    private static Hierarchies hierarchies;

    private ContainerId id;
    private ContainerCgroup cgroup;
    private Path payload;

    @BeforeAll
    static void detect() {
        assertThat(ProcessCalls.getuid()).as("cgroups need root").isZero();
        spawner = Spawner.load();
        cgroups = Cgroups.detect(INSTANCE);
        hierarchies = Hierarchies.detect();
        cgroups.leftovers().forEach(left -> cgroups.open(left, UID_BASE).remove());
    }

    @AfterAll
    static void release() {
        cgroups.release();
        assertThat(hierarchies.mounts().map(mount -> mount.resolve(INSTANCE))).noneMatch(Files::exists);
        spawner.close();
    }

    @BeforeEach
    void create() {
        id = new ContainerId(UUID.randomUUID());
        cgroup = cgroups.create(id, LIMITS, UID_BASE);
        payload = hierarchies.v2().resolve(INSTANCE).resolve(id.toString()).resolve("payload");
    }

    @AfterEach
    void remove() {
        cgroup.remove();
        assertThat(cgroup.exists()).isFalse();
        assertThat(cgroups.leftovers()).doesNotContain(id);
    }

    @Test
    void onlyThePayloadBelongsToTheContainer() throws IOException {
        assertThat(owner(payload)).isEqualTo(UID_BASE);
        assertThat(owner(payload.resolve("cgroup.procs"))).isEqualTo(UID_BASE);
        assertThat(owner(payload.resolve("cgroup.subtree_control"))).isEqualTo(UID_BASE);
        assertThat(owner(payload.resolve("cgroup.threads"))).isEqualTo(UID_BASE);
        assertThat(owner(payload.resolve("cgroup.freeze"))).isZero();
        assertThat(owner(payload.resolve("cgroup.kill"))).isZero();
        assertThat(owner(payload.resolve("cgroup.max.descendants"))).isZero();
        assertThat(owner(payload.resolve(".."))).isZero();
        for (Path v1 : hierarchies.v1(INSTANCE + "/" + id)) {
            assertThat(owner(v1)).isZero();
            assertThat(owner(v1.resolve("cgroup.procs"))).isZero();
        }
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid");
    }

    @Test
    void limitsAreTheKernels() throws IOException {
        assertLimits(LIMITS);
    }

    @Test
    void limitsCanBeRaisedAndLowered() throws IOException {
        Limits more = new Limits(128 * MIB, 2000, 500);
        cgroup.setLimits(more);
        assertLimits(more);
        cgroup.setLimits(LIMITS);
        assertLimits(LIMITS);
    }

    private void assertLimits(Limits limits) throws IOException {
        Layout layout = new Layout(hierarchies, INSTANCE, id, List.of());
        boolean memoryInV2 = hierarchies.inV2().contains(Controller.MEMORY);
        assertThat(text(layout.file(Controller.MEMORY, memoryInV2 ? "memory.max" : "memory.limit_in_bytes")))
                .isEqualTo(Long.toString(limits.memoryBytes()));
        String quota = Integer.toString(limits.milliCpus() * 100);
        if (hierarchies.inV2().contains(Controller.CPU)) {
            assertThat(text(layout.file(Controller.CPU, "cpu.max"))).isEqualTo(quota + " 100000");
        } else {
            assertThat(text(layout.file(Controller.CPU, "cpu.cfs_quota_us"))).isEqualTo(quota);
            assertThat(text(layout.file(Controller.CPU, "cpu.cfs_period_us"))).isEqualTo("100000");
        }
        assertThat(text(layout.file(Controller.PIDS, "pids.max"))).isEqualTo(Integer.toString(limits.pids()));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    @Test
    void memoryInUseIsAClearErrorAndChangesNothing() throws IOException {
        try (Waiting process = waitingIn(cgroup.openPayload(), 40 * MIB)) {
            assertThat(cgroup.usage().memoryBytes()).isGreaterThan(40 * MIB);
            assertThatThrownBy(() -> cgroup.setLimits(new Limits(20 * MIB, 700, 50)))
                    .isInstanceOf(MemoryInUseException.class)
                    .hasMessageContaining("can't become " + 20 * MIB)
                    .hasMessageContaining("end processes in it, or choose a higher limit");
            assertThat(process.alive()).isTrue();
        }
        assertLimits(LIMITS);
    }

    @Test
    void usageCountsTheContainersProcesses() {
        assertThat(cgroup.usage().pids()).isZero();
        try (Waiting _ = waitingIn(cgroup.openPayload(), 8 * MIB)) {
            Usage usage = cgroup.usage();
            assertThat(usage.pids()).isEqualTo(1);
            assertThat(usage.memoryBytes()).isBetween(8 * MIB, 40 * MIB);
            assertThat(usage.cpuMicros()).isPositive();
        }
    }

    @Test
    void moreProcessesThanAllowedAreRefused() throws IOException {
        cgroup.setLimits(new Limits(64 * MIB, 500, 16));
        PlanBuilder plan = Plan.builder("forker");
        Slot go = plan.slot("go");
        plan.await("v1 cgroups", go);
        Data args = cloneArgs(plan, Flags.NONE, Signal.SIGCHLD.number(), 0);
        Cell left = plan.cell("left", 15);
        Cell result = plan.cell("result");
        plan.label("next")
                .call("fork", Sys.CLONE3, args, args.length())
                .ignoreErrors()
                .into(result);
        plan.jumpIfEqual(result, 0, "child").jumpIfLess(result, 0, "failed");
        plan.add(left, -1).jumpIfLess(0, left, "next");
        plan.call("one too many", Sys.CLONE3, args, args.length())
                .ignoreErrors()
                .into(result);
        plan.jumpIfEqual(result, 0, "child");
        plan.label("failed").tell(1, result).end(0);
        Cell pause = plan.cell("pause");
        plan.label("child").call("wait", Sys.PPOLL, 0, 0, 0, 0, 0).into(pause).end(0);
        try (Pipe pipe = FileCalls.pipe2();
                Running running = spawner.start(plan.build(), Map.of(go, pipe.readEnd()))) {
            Files.writeString(
                    payload.resolveSibling("monitor").resolve("cgroup.procs"),
                    Integer.toString(running.child().pid()));
            cgroup.joinV1(running.child().pid());
            FileCalls.write(pipe.writeEnd(), new byte[1]);
            assertThat(running.report().expect(1)).as("EAGAIN").isEqualTo(-11);
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void aProcessCanBeBornIntoMonitorAndPayload() throws IOException {
        try (Waiting monitor = waitingIn(cgroup.openMonitor(), 0);
                Waiting container = waitingIn(cgroup.openPayload(), 0)) {
            assertThat(v2Of(monitor.pid)).endsWith("/" + id + "/monitor");
            assertThat(v2Of(container.pid)).endsWith("/" + id + "/payload");
            for (Path v1 : hierarchies.v1(INSTANCE + "/" + id)) {
                assertThat(Files.readAllLines(v1.resolve("cgroup.procs"))).contains(Integer.toString(container.pid));
            }
        }
    }

    private static String v2Of(int pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
            return lines.filter(line -> line.startsWith("0::")).findFirst().orElseThrow();
        }
    }

    @Test
    void frozenProcessesHaveStoppedAndGoOnAfterwards() {
        try (Waiting process = waitingIn(cgroup.openPayload(), 0)) {
            cgroup.freeze(SOON);
            assertThat(cgroup.frozen()).isTrue();
            process.letGo();
            assertThat(PollCalls.awaitReadable(process.pidfd, Duration.ofMillis(100)))
                    .as("a frozen process can't act on what it is told")
                    .isFalse();
            cgroup.thaw();
            assertThat(cgroup.frozen()).isFalse();
            assertThat(process.waitFor()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void killEndsFrozenProcessesToo() {
        try (Waiting process = waitingIn(cgroup.openPayload(), 0)) {
            assertThat(cgroup.populated()).isTrue();
            assertThat(cgroup.waitEmpty(Duration.ZERO)).isFalse();
            cgroup.freeze(SOON);
            cgroup.kill();
            assertThat(cgroup.waitEmpty(SOON)).isTrue();
            assertThat(cgroup.populated()).isFalse();
            assertThat(process.waitFor()).isEqualTo(new Killed(Signal.SIGKILL.number(), false));
        }
    }

    @Test
    void aLeafIsTheContainersAndIsUsedAgain() throws IOException {
        try (Fd first = cgroup.attachLeaf();
                Fd second = cgroup.attachLeaf()) {
            assertThat(FileCalls.fstat(first).inode())
                    .isEqualTo(FileCalls.fstat(second).inode());
        }
        assertThat(owner(payload.resolve("attach"))).isEqualTo(UID_BASE);
        try (Waiting process = waitingIn(cgroup.attachLeaf(), 0)) {
            assertThat(v2Of(process.pid)).endsWith("/payload/attach");
        }
    }

    @Test
    void aRemovedLeafIsMadeAnew() throws IOException {
        cgroup.attachLeaf().close();
        Files.delete(payload.resolve("attach"));
        cgroup.attachLeaf().close();
        assertThat(payload.resolve("attach")).isDirectory();
    }

    @Test
    void aPoisonedLeafIsReplaced() throws IOException {
        cgroup.attachLeaf().close();
        Files.writeString(payload.resolve("attach/cgroup.freeze"), "1");
        assertThat(processLivesIn(cgroup.attachLeaf())).as("frozen before").isTrue();
        Files.writeString(payload.resolve("attach/cgroup.type"), "threaded");
        assertThat(processLivesIn(cgroup.attachLeaf())).as("threaded before").isTrue();
    }

    @Test
    void aPoisonedLeafWithProcessesIsAvoided() throws IOException {
        try (Waiting process = waitingIn(cgroup.attachLeaf(), 0)) {
            Files.writeString(payload.resolve("attach/cgroup.freeze"), "1");
            cgroup.attachLeaf().close();
            assertThat(payload.resolve("attach-1")).isDirectory();
            assertThat(process.alive()).isTrue();
        }
    }

    @Test
    void aFreshLeafIsNoneThatSawAKill() throws IOException {
        cgroup.attachLeaf().close();
        Files.writeString(payload.resolve("attach/cgroup.kill"), "1");
        assertThat(processLivesIn(cgroup.freshAttachLeaf())).isTrue();
    }

    private boolean processLivesIn(Fd leaf) {
        try (Waiting process = waitingIn(leaf, 0)) {
            process.letGo();
            return process.waitFor().equals(new Exited(0));
        }
    }

    @Test
    void leftoversAreFoundAndRemovedWithWhatRunsInThem() {
        try (Waiting process = waitingIn(cgroup.attachLeaf(), 0)) {
            assertThat(Cgroups.detect(INSTANCE).leftovers()).contains(id);
            assertThatThrownBy(() -> cgroups.create(id, LIMITS, UID_BASE))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("stop the container first");
            cgroups.open(id, UID_BASE).remove();
            assertThat(process.waitFor()).isEqualTo(new Killed(Signal.SIGKILL.number(), false));
        }
        assertThat(cgroups.leftovers()).doesNotContain(id);
        cgroup.remove();
    }

    @Test
    void aProcessThatIsOnlyInV1IsEndedToo() {
        PlanBuilder plan = Plan.builder("stray");
        Slot go = plan.slot("go");
        plan.await("end", go).end(0);
        try (Pipe pipe = FileCalls.pipe2();
                Running running = spawner.start(plan.build(), Map.of(go, pipe.readEnd()))) {
            cgroup.joinV1(running.child().pid());
            cgroup.remove();
            FileCalls.write(pipe.writeEnd(), new byte[1]);
            ExitStatus end = running.child().waitFor();
            assertThat(end).isEqualTo(cgroups.isHybrid() ? new Killed(Signal.SIGKILL.number(), false) : new Exited(0));
        }
    }

    @Test
    void theSpareBecomesAContainersCgroup() throws IOException {
        PlanBuilder plan = Plan.builder("resident");
        Slot go = plan.slot("go");
        plan.await("end", go).end(0);
        ContainerId next = new ContainerId(UUID.randomUUID());
        try (Pipe pipe = FileCalls.pipe2();
                Running running = spawner.start(plan.build(), Map.of(go, pipe.readEnd()))) {
            String pid = Integer.toString(running.child().pid());
            cgroups.prepareSpare(running.child().pid());
            ContainerCgroup taken = cgroups.create(next, LIMITS, UID_BASE, true);
            for (Path v1 : hierarchies.v1(INSTANCE)) {
                assertThat(v1.resolve("spare")).doesNotExist();
                assertThat(text(v1.resolve(next + "/cgroup.procs"))).isEqualTo(pid);
            }
            Path pids = hierarchies.v1().getOrDefault(Controller.PIDS, hierarchies.v2());
            assertThat(text(pids.resolve(INSTANCE + "/" + next + "/pids.max"))).isEqualTo("100");
            FileCalls.write(pipe.writeEnd(), new byte[1]);
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
            taken.remove();
        }
    }

    /** A process that is in v2 by CLONE_INTO_CGROUP and in v1 by joinV1, and ends at a byte. */
    private final class Waiting implements AutoCloseable {
        private final Pipe pipe = FileCalls.pipe2();
        private final Running running;
        private final int pid;
        private final Fd pidfd;
        private boolean reaped;

        Waiting(Fd into, long memoryBytes) {
            PlanBuilder plan = Plan.builder("waiting");
            Slot cgroupFd = plan.slot("cgroup");
            Slot go = plan.slot("go");
            Cell child = plan.cell("child");
            // a child of this JVM; CLONE_PARENT wants no exit signal
            Flags flags = Flags.of(CloneFlag.CLONE_INTO_CGROUP, CloneFlag.CLONE_PARENT);
            Data args = cloneArgs(plan, flags, 0, cgroupFd.number());
            plan.call("clone into cgroup", Sys.CLONE3, args, args.length()).into(child);
            plan.jumpIfEqual(child, 0, "child").tell(1, child).end(0);
            plan.label("child").await("v1 cgroups", go);
            if (memoryBytes > 0) {
                // MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE
                plan.call("use memory", Sys.MMAP, 0, memoryBytes, 3, 0x8022, -1, 0);
            }
            plan.tell(2, 0).await("end", go).end(0);
            running = spawner.start(plan.build(), Map.of(cgroupFd, into, go, pipe.readEnd()));
            pid = (int) running.report().expect(1);
            into.close();
            pidfd = ProcessCalls.pidfdOpen(pid);
            cgroup.joinV1(pid);
            letGo();
            running.report().expect(2, SOON, pidfd);
        }

        void letGo() {
            FileCalls.write(pipe.writeEnd(), new byte[1]);
        }

        boolean alive() {
            return !PollCalls.awaitReadable(pidfd, Duration.ZERO);
        }

        /** CLONE_PARENT made it the JVM's child. */
        ExitStatus waitFor() {
            reaped = true;
            return ProcessCalls.waitid(pidfd);
        }

        @Override
        public void close() {
            if (!reaped) {
                ProcessCalls.pidfdSendSignal(pidfd, Signal.SIGKILL);
                waitFor();
            }
            running.child().waitFor();
            pidfd.close();
            running.close();
            pipe.close();
        }
    }

    private Waiting waitingIn(Fd into, long memoryBytes) {
        return new Waiting(into, memoryBytes);
    }

    /** struct clone_args, include/uapi/linux/sched.h. */
    private static Data cloneArgs(PlanBuilder plan, Flags flags, int exitSignal, int cgroupFd) {
        return plan.longs("clone_args", flags, 0, 0, 0, exitSignal, 0, 0, 0, 0, 0, cgroupFd);
    }

    @Test
    void aVanishedCgroupIsToldByItsName() {
        cgroup.remove();
        assertThatThrownBy(() -> cgroup.freeze(SOON))
                .hasMessageContaining("payload")
                .hasMessageContaining("ENOENT");
        assertThat(cgroup.populated()).isFalse();
        assertThat(cgroup.waitEmpty(Duration.ZERO)).isTrue();
    }
}
