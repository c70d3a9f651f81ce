// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.ContainerCgroup;
import io.berth.core.idmap.UserNamespace;
import io.berth.core.linux.Child;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SocketPair;
import io.berth.core.lxcfs.View;
import io.berth.core.lxcfs.Views;
import io.berth.core.mount.DeviceDirectory;
import io.berth.core.mount.PseudoTerminals;
import io.berth.core.namespace.NetworkNamespace;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.Report;
import io.berth.core.plan.Spawner;
import io.berth.core.process.ConsoleRing;
import io.berth.core.process.Monitor;
import io.berth.core.process.ProcessIdentity;
import io.berth.core.protocol.Refusal;
import io.berth.core.pty.PtyPair;
import io.berth.core.pty.WindowSize;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A container's start, from its storage to a running PID 1: one ordered list of steps, taken back in reverse when one fails. */
final class Birth {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] GO = {1};
    private static final WindowSize CONSOLE_SIZE = new WindowSize(80, 25, 0, 0);

    private final Machine machine;
    private final ContainerRecord record;
    private final ContainerSpec spec;
    private final Rules rules;
    private final Undo undo = new Undo();
    private CompletableFuture<Void> policy = CompletableFuture.completedFuture(null);

    Birth(Machine machine, ContainerRecord record, AdmittedSpec spec) {
        this.machine = machine;
        this.record = record;
        this.spec = spec.spec();
        this.rules = machine.rules();
    }

    /**
     * Runs all steps.
     *
     * @param remember stores the run; called when PID 1 exists and before it executes anything, so that no process is ever
     *     running that the next agent would not know of
     */
    Life run(Consumer<ContainerRecord.Run> remember) {
        try (undo;
                Views views = machine.lxcfs().views();
                Wiring wiring = Wiring.begin(machine, record)) {
            Optional<Resident> spare = machine.takeSpare();
            spare.ifPresent(undo::own);
            ContainerCgroup cgroup = machine.cgroups()
                    .create(record.id(), spec.limits(), Math.toIntExact(record.uidBase()), spare.isPresent());
            undo.add(cgroup::remove);
            CompletableFuture<Entrance> entrance = spare.map(
                            resident -> CompletableFuture.<Entrance>completedFuture(resident))
                    .orElseGet(() -> machine.entranceSoon(cgroup));
            undo.add(() -> close(entrance));
            policy = machine.soon(() -> machine.security().load(record.id()));
            undo.add(() -> {
                policy.exceptionally(_ -> null).join(); // else it would be loaded after that
                machine.security().unload(record.id());
            });
            Life life = bear(cgroup, entrance, wiring, views, remember);
            undo.commit();
            machine.later(() -> close(entrance));
            return life;
        }
    }

    private static void close(CompletableFuture<Entrance> entrance) {
        entrance.thenAccept(Entrance::close).exceptionally(_ -> null).join();
    }

    private Life bear(
            ContainerCgroup cgroup,
            CompletableFuture<Entrance> entranceSoon,
            Wiring wiring,
            Views views,
            Consumer<ContainerRecord.Run> remember) {
        long base = record.uidBase();
        Fd devpts = undo.own(PseudoTerminals.mount(base));
        BirthPlan birth = new BirthPlan(inputs(views.mounts().keySet()));
        Plan plan = birth.compose();
        Fd userNamespace = wiring.userNamespace();
        try (Fd rootfs = machine.storage().mountRootfs(record.id(), userNamespace, base, machine.rootContext(record));
                Fd dev = DeviceDirectory.mount(userNamespace, spec.devices());
                PtyPair console = PtyPair.open(devpts, CONSOLE_SIZE, Math.toIntExact(base), Math.toIntExact(base + 5));
                Fd status = fresh(machine.statusFile(record.id()), new byte[0]);
                Fd ring = fresh(machine.consoleFile(record.id()), ConsoleRing.emptyHeader());
                SocketPair store = SocketCalls.socketpair(SocketConstant.SOCK_SEQPACKET);
                Fd code = plan.toMemfd();
                Fd payload = cgroup.openPayload();
                Fd monitorCgroup = cgroup.openMonitor();
                Pipe letInitGo = FileCalls.pipe2();
                Pipe letMonitorGo = FileCalls.pipe2()) {
            Map<Slot, Fd> fds = new HashMap<>(views.in(birth.views));
            fds.putAll(Map.ofEntries(
                    Map.entry(birth.letInitGo, letInitGo.readEnd()),
                    Map.entry(birth.letMonitorGo, letMonitorGo.readEnd()),
                    Map.entry(birth.userNamespace, userNamespace),
                    Map.entry(birth.networkNamespace, wiring.namespace()),
                    Map.entry(birth.cgroup, payload),
                    Map.entry(birth.monitorCgroup, monitorCgroup),
                    Map.entry(birth.rootfs, rootfs),
                    Map.entry(birth.dev, dev),
                    Map.entry(birth.devpts, devpts),
                    Map.entry(birth.status, status),
                    Map.entry(birth.console, console.master()),
                    Map.entry(birth.consolePeer, console.slave()),
                    Map.entry(birth.ring, ring),
                    Map.entry(birth.store, store.left()),
                    Map.entry(birth.stored, store.right())));
            Entrance entrance = await(entranceSoon);
            Spawner.Running starter = entrance.start(plan, code, fds, machine.nothing());
            undo.add(() -> end(starter.child()));
            letInitGo.readEnd().close();
            letMonitorGo.readEnd().close();
            Parts parts = new Parts(devpts, cgroup, entrance, wiring);
            return deliver(starter, parts, letInitGo.writeEnd(), letMonitorGo.writeEnd(), remember);
        }
    }

    /** What a life is made of beside its processes. */
    private record Parts(Fd devpts, ContainerCgroup cgroup, Entrance entrance, Wiring wiring) {}

    private Life deliver(
            Spawner.Running starter,
            Parts parts,
            Fd letInitGo,
            Fd letMonitorGo,
            Consumer<ContainerRecord.Run> remember) {
        ContainerCgroup cgroup = parts.cgroup;
        try (Report report = starter.report()) {
            Pids pids = pids(report);
            starter.child().waitFor();
            starter.child().close();
            Child monitor = new Child(pids.monitor, ProcessCalls.pidfdOpen(pids.monitor));
            undo.add(() -> end(monitor));
            Fd init = undo.own(ProcessCalls.pidfdOpen(pids.init));
            undo.add(cgroup::kill);
            await(policy);
            FileCalls.write(letInitGo, GO);
            report.expect(BirthPlan.READY, PATIENCE, monitor.pidfd(), init);
            ContainerRecord.Run run = new ContainerRecord.Run(
                    ProcessIdentity.of(pids.monitor, monitor.pidfd()),
                    pids.init,
                    machine.clock().instant());
            remember.accept(run);
            Door door = machine.door(rules, record, parts.entrance, init);
            undo.add(door::close);
            attachVolumes(pids.init, init);
            parts.wiring.awaitConnected(); // init finds its network as it will stay
            FileCalls.write(letMonitorGo, GO);
            FileCalls.write(letInitGo, GO);
            // the pipe closes when init executes and the monitor has closed what it does not need
            report.next(PATIENCE).ifPresent(message -> {
                throw new IllegalStateException("unexpected " + message);
            });
            parts.wiring.keep();
            return new Life(
                    run,
                    init,
                    monitor.pidfd(),
                    parts.devpts,
                    cgroup,
                    () -> machine.door(record, cgroup, init),
                    door,
                    rules.policy());
        }
    }

    /** Init has its root and waits, so that a volume comes into its namespace as into any other's that runs. */
    private void attachVolumes(int pid, Fd init) {
        VolumeChange change = new VolumeChange(machine, pid, init);
        spec.volumes().forEach(change::attach);
    }

    private record Pids(int monitor, int init) {}

    /** Two processes write to the same pipe, so either may be first. */
    private static Pids pids(Report report) {
        Map<Integer, Integer> pids = new HashMap<>();
        while (pids.size() < 2) {
            Report.Message message = report.next(PATIENCE)
                    .orElseThrow(
                            () -> new ContainerException(Refusal.FAILED, "the container's birth ended without a word"));
            pids.put(message.kind(), Math.toIntExact(message.value()));
        }
        return new Pids(pids.getOrDefault(BirthPlan.MONITOR_PID, -1), pids.getOrDefault(BirthPlan.INIT_PID, -1));
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void end(Child child) {
        if (!child.pidfd().isOpen()) {
            return; // reaped on the way
        }
        if (child.waitForNow().isEmpty()) {
            child.kill(Signal.SIGKILL);
            child.waitFor();
        }
        child.close();
    }

    private BirthPlan.Inputs inputs(Set<View> views) {
        return new BirthPlan.Inputs(
                spec,
                machine.stagingDirectory().toString(),
                machine.settings().monitorUid(),
                clocks(),
                plan -> Monitor.keepListener(plan, Confinement.filter(plan, rules.policy())),
                Confinement.dropCapabilities(machine.security()),
                machine.label(record),
                machine.security().guestsHavePolicy(),
                views,
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
        try (Views views = machine.lxcfs().views()) {
            return UserNamespace.plan(record.uidBase()).describe() + "\n"
                    + NetworkNamespace.plan().describe() + "\n"
                    + new BirthPlan(inputs(views.mounts().keySet())).compose().describe()
                    + spec.volumes().stream()
                            .map(volume -> "\n" + VolumeChange.describe(machine, volume))
                            .collect(Collectors.joining());
        }
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
