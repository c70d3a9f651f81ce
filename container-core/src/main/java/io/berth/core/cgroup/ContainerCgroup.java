// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cgroup of one container, in v2 and where v1 has controllers; {@link Layout} shows its parts. */
public final class ContainerCgroup {
    private static final Duration LAST_PROCESSES = Duration.ofSeconds(10);

    private final Layout layout;
    private final AttachLeaf leaf;

    ContainerCgroup(Layout layout, int uidBase) {
        this.layout = layout;
        this.leaf = new AttachLeaf(layout, uidBase);
    }

    public boolean exists() {
        return Files.isDirectory(layout.container());
    }

    /** Where the container begins: for CLONE_INTO_CGROUP of its init, and the root of its cgroup namespace. */
    public Fd openPayload() {
        return CgroupDirectory.open(layout.payload()).fd();
    }

    /** Where the monitor lives: for CLONE_INTO_CGROUP, which costs nothing, while joining by a pid takes milliseconds. */
    public Fd openMonitor() {
        return CgroupDirectory.open(layout.monitor()).fd();
    }

    /**
     * Where processes enter the container later: for CLONE_INTO_CGROUP. A leaf of its own, because systemd enables controllers in
     * payload, which then can't hold processes.
     */
    public Fd attachLeaf() {
        return leaf.open();
    }

    /**
     * Whether a leaf's processes are stopped: one that is cloned into it says nothing. What else container root can do to a leaf shows
     * at the clone, as an errno or SIGKILL.
     */
    public static boolean isFrozen(Fd leaf) {
        return AttachLeaf.isFrozen(leaf);
    }

    /**
     * A leaf that was never used, for when a process died of SIGKILL or got an errno at its clone: container root may have written
     * to cgroup.kill of the old one, and a process cloned into such a cgroup from outside dies, unseen from outside.
     */
    public Fd freshAttachLeaf() {
        return leaf.openFresh();
    }

    /**
     * Moves a process into the container's cgroups of v1; does nothing where v2 has all controllers.
     *
     * <p>One after the other: the first write waits for an RCU grace period (6.6 ms, median of 15 on a loaded machine), the next
     * find cgroup_threadgroup_rwsem still in its slow mode and take 0.03 ms (rcu_sync, kernel/rcu/sync.c). In parallel it took 10 ms.
     */
    public void joinV1(int pid) {
        layout.v1()
                .forEach(directory -> FileCalls.writeFile(
                        Fd.AT_FDCWD, directory.resolve("cgroup.procs").toString(), Integer.toString(pid)));
    }

    /**
     * Changes the limits of a container that may be running.
     *
     * @throws MemoryInUseException when it uses more memory than it is to have; no limit has changed then
     */
    public void setLimits(Limits limits) {
        new MemoryLimit(layout).set(limits.memoryBytes());
        layout.cpu(limits.milliCpus()).forEach(CgroupStep::execute);
        layout.shownCpu(limits.milliCpus()).forEach(CgroupStep::execute);
        layout.pids(limits.pids()).forEach(CgroupStep::execute);
    }

    /** What the control files say about these limits now. */
    public List<Control> controls(Limits limits) {
        return layout.inForce(limits).stream()
                .flatMap(step -> Control.of(step).stream())
                .toList();
    }

    /** The end of the path where init is born, per controller of v1 and, under the empty name, for v2. */
    public Map<String, String> membership() {
        return layout.membership();
    }

    /**
     * As {@link #freeze}, but never taken back: what can't stop yet stops when it can.
     *
     * @return whether all processes have stopped by now
     */
    public boolean freezeForGood(Duration timeout) {
        try (CgroupDirectory payload = payload()) {
            payload.write("cgroup.freeze", "1");
            return payload.awaitEvent("frozen", true, timeout);
        }
    }

    /**
     * Stops all processes of the container where they are, and returns when they have stopped.
     *
     * @throws CgroupException when they didn't in time; they run on then
     */
    public void freeze(Duration timeout) {
        try (CgroupDirectory payload = payload()) {
            payload.write("cgroup.freeze", "1");
            if (!payload.awaitEvent("frozen", true, timeout)) {
                payload.write("cgroup.freeze", "0");
                throw new CgroupException("the container did not freeze within " + timeout.toMillis()
                        + " ms, because a process waits for a disk or a network filesystem; try again");
            }
        }
    }

    public void thaw() {
        try (CgroupDirectory payload = payload()) {
            payload.write("cgroup.freeze", "0");
            payload.awaitEvent("frozen", false, LAST_PROCESSES);
        }
    }

    public boolean frozen() {
        return read("frozen");
    }

    /** Ends every process in the container at once, frozen ones too. The payload is no good after that: whatever is cloned into it dies, so every start makes another. */
    public void kill() {
        try (CgroupDirectory payload = payload()) {
            payload.write("cgroup.kill", "1");
        }
    }

    /** Whether the container has a process. */
    public boolean populated() {
        return read("populated");
    }

    private boolean read(String event) {
        Optional<CgroupDirectory> present = CgroupDirectory.openIfPresent(layout.payload());
        if (present.isEmpty()) {
            return false;
        }
        try (CgroupDirectory payload = present.get()) {
            return payload.read("cgroup.events", event) == 1;
        }
    }

    /** @return whether the container's last process ended in time */
    public boolean waitEmpty(Duration timeout) {
        Optional<CgroupDirectory> present = CgroupDirectory.openIfPresent(layout.payload());
        if (present.isEmpty()) {
            return true;
        }
        try (CgroupDirectory payload = present.get()) {
            return payload.awaitEvent("populated", false, timeout);
        }
    }

    public Usage usage() {
        try (CgroupDirectory container = CgroupDirectory.open(layout.container())) {
            return new Usage(
                    new MemoryLimit(layout).used(),
                    container.read("cpu.stat", "usage_usec"), // there without the controller too, since Linux 4.15
                    (int) ControlFile.readLong(layout.file(Controller.PIDS, "pids.current")));
        }
    }

    /** Empty where cgroup v2 has no io controller: v1's counts only what does not go through the page cache. */
    public Optional<BlockIo> blockIo() {
        try (CgroupDirectory container = CgroupDirectory.open(layout.container())) {
            return Optional.of(BlockIo.parse(container.read("io.stat")));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Ends what still runs in the container's cgroups, the monitor included, and removes them. Doing it twice does no harm. */
    public void remove() {
        CgroupDirectory.openIfPresent(layout.container()).ifPresent(container -> {
            try (container) {
                container.write("cgroup.kill", "1");
                container.awaitEvent("populated", false, LAST_PROCESSES);
            }
            removeFrom(layout.parent());
        });
        layout.v1()
                .forEach(directory -> CgroupDirectory.openIfPresent(directory).ifPresent(cgroup -> {
                    try (cgroup) {
                        cgroup.killProcesses(LAST_PROCESSES);
                    }
                }));
        layout.v1Parents()
                .forEach(parent -> CgroupDirectory.openIfPresent(parent).ifPresent(open -> {
                    open.close();
                    removeFrom(parent);
                }));
    }

    private void removeFrom(Path parent) {
        try (CgroupDirectory open = CgroupDirectory.open(parent)) {
            open.removeTree(layout.id().toString());
        } catch (SyscallException e) {
            if (e.errno() != Errno.EBUSY) {
                throw e;
            }
            throw new CgroupException(
                    parent.resolve(layout.id().toString())
                            + " can't be removed, because a process in it can't be ended: it waits for a disk or a network"
                            + " filesystem; see its cgroup.procs",
                    e);
        }
    }

    private CgroupDirectory payload() {
        return CgroupDirectory.open(layout.payload());
    }
}
