// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.ContainerCgroup;
import io.berth.core.idmap.UserNamespace;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.mount.DeviceDirectory;
import io.berth.core.mount.PseudoTerminals;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.Spawner;
import io.berth.core.process.ConsoleRing;
import io.berth.core.process.ProcessIdentity;
import io.berth.core.pty.PtyPair;
import io.berth.core.pty.WindowSize;
import io.berth.core.spec.NetworkMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A container's start, from its storage to a running PID 1: one ordered list of steps, taken back in reverse when one fails. */
final class Birth {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] GO = {1};
    private static final WindowSize CONSOLE_SIZE = new WindowSize(80, 25, 0, 0);

    private final Machine machine;
    private final ContainerRecord record;
    private final Undo undo = new Undo();

    Birth(Machine machine, ContainerRecord record) {
        this.machine = machine;
        this.record = record;
    }

    /**
     * Runs all steps.
     *
     * @param remember stores the run; called when PID 1 exists and before it executes anything, so that no process is ever
     *     running that the next agent would not know of
     */
    Life run(Consumer<ContainerRecord.Run> remember) {
        try (undo) {
            ContainerCgroup cgroup =
                    machine.cgroups().create(record.id(), record.spec().limits(), Math.toIntExact(record.uidBase()));
            undo.add(cgroup::remove);
            Entrance entrance = undo.own(machine.entrance(cgroup));
            Life life = bear(cgroup, entrance, remember);
            undo.commit();
            return life;
        }
    }

    private Life bear(ContainerCgroup cgroup, Entrance entrance, Consumer<ContainerRecord.Run> remember) {
        long base = record.uidBase();
        Fd devpts = undo.own(PseudoTerminals.mount(base));
        BirthPlan birth = new BirthPlan(inputs());
        Plan plan = birth.compose();
        try (Fd userNamespace = UserNamespace.create(machine.spawner(), base);
                Fd rootfs = machine.storage().mountRootfs(record.id(), userNamespace, base);
                Fd dev = DeviceDirectory.mount(userNamespace);
                PtyPair console = PtyPair.open(devpts, CONSOLE_SIZE, Math.toIntExact(base), Math.toIntExact(base + 5));
                Fd status = fresh(machine.statusFile(record.id()), new byte[0]);
                Fd ring = fresh(machine.consoleFile(record.id()), ConsoleRing.emptyHeader());
                Fd payload = cgroup.openPayload();
                Pipe letInitGo = FileCalls.pipe2();
                Pipe letMonitorGo = FileCalls.pipe2()) {
            Map<Slot, Fd> fds = Map.ofEntries(
                    Map.entry(birth.letInitGo, letInitGo.readEnd()),
                    Map.entry(birth.letMonitorGo, letMonitorGo.readEnd()),
                    Map.entry(birth.userNamespace, userNamespace),
                    Map.entry(birth.cgroup, payload),
                    Map.entry(birth.rootfs, rootfs),
                    Map.entry(birth.dev, dev),
                    Map.entry(birth.devpts, devpts),
                    Map.entry(birth.status, status),
                    Map.entry(birth.console, console.master()),
                    Map.entry(birth.consolePeer, console.slave()),
                    Map.entry(birth.ring, ring));
            Spawner.Running monitor = entrance.start(plan, fds, machine.nothing());
            undo.add(() -> end(monitor));
            letInitGo.readEnd().close();
            letMonitorGo.readEnd().close();
            return deliver(monitor, devpts, cgroup, entrance, letInitGo.writeEnd(), letMonitorGo.writeEnd(), remember);
        }
    }

    private Life deliver(
            Spawner.Running monitor,
            Fd devpts,
            ContainerCgroup cgroup,
            Entrance entrance,
            Fd letInitGo,
            Fd letMonitorGo,
            Consumer<ContainerRecord.Run> remember) {
        Fd monitorPidfd = monitor.child().pidfd();
        int pid = Math.toIntExact(monitor.report().expect(BirthPlan.INIT_PID, PATIENCE, monitorPidfd));
        Fd init = undo.own(ProcessCalls.pidfdOpen(pid));
        undo.add(cgroup::kill);
        connect(pid);
        FileCalls.write(letInitGo, GO);
        monitor.report().expect(BirthPlan.READY, PATIENCE, monitorPidfd, init);
        ContainerRecord.Run run = new ContainerRecord.Run(
                ProcessIdentity.of(monitor.child().pid(), monitorPidfd),
                pid,
                machine.clock().instant());
        remember.accept(run);
        FileCalls.write(letMonitorGo, GO);
        FileCalls.write(letInitGo, GO);
        // the report's pipe closes when init executes and the monitor has closed what it does not need
        monitor.report().next(PATIENCE).ifPresent(message -> {
            throw new IllegalStateException("unexpected " + message);
        });
        monitor.report().close();
        machine.later(() -> cgroup.joinMonitor(monitor.child().pid()));
        return new Life(run, init, monitorPidfd, devpts, cgroup, () -> machine.entrance(cgroup), entrance);
    }

    private void connect(int pid) {
        if (record.spec().network() == NetworkMode.NAT) {
            try (Fd namespace = FileCalls.openat("/proc/" + pid + "/ns/net", OpenFlag.O_RDONLY)) {
                machine.network()
                        .connect(
                                record.id(), record.spec().name(), record.spec().tenant(), namespace);
            }
            undo.add(() -> machine.network().disconnect(record.id()));
        }
    }

    private static void end(Spawner.Running monitor) {
        if (monitor.child().waitForNow().isEmpty()) {
            monitor.child().kill(Signal.SIGKILL);
            monitor.child().waitFor();
        }
        monitor.close();
    }

    private BirthPlan.Inputs inputs() {
        return new BirthPlan.Inputs(
                record.spec(),
                machine.stagingDirectory().toString(),
                machine.settings().monitorUid(),
                clocks(),
                Confinement::seccomp,
                Confinement::dropCapabilities,
                environment());
    }

    /** What init finds in its environment; see systemd's CONTAINER_INTERFACE. Many programs know no other name than lxc. */
    private List<String> environment() {
        return List.of(
                "container=lxc",
                "container_uuid=" + record.id(),
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "TERM=linux");
    }

    /** The steps as they would run now, as text. */
    String describe() {
        return UserNamespace.plan().describe() + "\n"
                + new BirthPlan(inputs()).compose().describe();
    }

    private static BirthPlan.Clocks clocks() {
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"));
            Duration boottime = Duration.ofSeconds(Long.parseLong(uptime.substring(0, uptime.indexOf('.'))));
            // HotSpot's nanoTime is CLOCK_MONOTONIC itself, which stands still while the host sleeps
            return new BirthPlan.Clocks(Duration.ofNanos(System.nanoTime()), boottime);
        } catch (IOException e) {
            throw new UncheckedIOException("reading /proc/uptime", e);
        }
    }

    private static Fd fresh(Path file, byte[] content) {
        Fd fd = FileCalls.openat(
                Fd.AT_FDCWD, file.toString(), 0600, OpenFlag.O_RDWR, OpenFlag.O_CREAT, OpenFlag.O_TRUNC);
        FileCalls.writeAll(fd, content);
        return fd;
    }
}
