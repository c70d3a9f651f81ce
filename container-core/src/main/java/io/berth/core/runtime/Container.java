// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.Usage;
import io.berth.core.linux.Fd;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import io.berth.core.notify.Supervision;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.DenialReport;
import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.Grant;
import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.PatchCoverage;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.Devices;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.storage.DiskUsage;
import io.berth.core.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One container: its record, and its life while it runs. Verbs run one after the other; reading never waits. */
final class Container {
    private static final Logger LOG = LoggerFactory.getLogger(Container.class);
    private static final Duration FREEZE_PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT_LIFE = Duration.ofSeconds(10);
    private static final int PATIENT_LIVES = 4;
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final Duration SETTLING = Duration.ofSeconds(2); // the first boot is over, and meets no commit
    private static final Duration LAST_MOMENT = Duration.ofSeconds(1);
    private static final long LEAST_DISK_BYTES = 16L << 20; // with less, a copy could not even boot
    private static final Duration AFTER_KILL = Duration.ofSeconds(30);

    private final Machine machine;
    private final ContainerRecords records;
    private final Ids ids;
    private final Consumer<Reply> events;
    private final Consumer<MeterReading> lastReadings;
    private final Object views = new Object();
    private final Object counters = new Object();
    private volatile ContainerRecord record;
    private volatile @Nullable Life life;
    private volatile boolean frozen;
    private volatile boolean cutting;
    private boolean gone;
    private volatile boolean closing;
    private int shortLives;

    /** @param lastReadings gets what its counters say before they go */
    Container(
            Machine machine,
            ContainerRecords records,
            Ids ids,
            Consumer<Reply> events,
            Consumer<MeterReading> lastReadings,
            ContainerRecord record) {
        this.machine = machine;
        this.records = records;
        this.ids = ids;
        this.events = events;
        this.lastReadings = lastReadings;
        this.record = record;
    }

    ContainerRecord record() {
        return record;
    }

    ContainerStatus status() {
        ContainerRecord now = record;
        Life running = life;
        return new ContainerStatus(
                now.id(),
                now.spec(),
                state(now, running),
                now.shouldRun(),
                now.uidBase(),
                running == null ? null : running.run.initPid(),
                running == null ? null : running.run.startedAt(),
                now.spec().network() == NetworkMode.NONE ? List.of() : addresses(now.id()),
                now.lastExit(),
                running == null ? null : SecurityLabel.of(running.run.initPid()).orElse(null),
                Quarantine.status(now.quarantine()));
    }

    private List<String> addresses(ContainerId id) {
        return machine.network()
                .endpoint(id)
                .map(endpoint -> Stream.of(endpoint.ipv4(), endpoint.ipv6())
                        .filter(Objects::nonNull)
                        .map(InetAddress::getHostAddress)
                        .toList())
                .orElse(List.of());
    }

    private ContainerState state(ContainerRecord now, @Nullable Life running) {
        if (!now.phase().isComplete()) {
            return ContainerState.BROKEN;
        }
        if (running == null) {
            return ContainerState.STOPPED;
        }
        return frozen ? ContainerState.FROZEN : ContainerState.RUNNING;
    }

    private void save(ContainerRecord changed) {
        requireNotGone();
        records.save(changed);
        record = changed;
    }

    /** For a life's begin and end: a boot makes pids void, and a sync would cost more than the whole birth. */
    private void note(ContainerRecord changed) {
        requireNotGone();
        records.note(changed);
        record = changed;
    }

    private void changed() {
        events.accept(new Reply.Container(status()));
    }

    private void requireNotGone() {
        if (gone) {
            throw new ContainerException(Refusal.NOT_FOUND, "container '" + name() + "' has been deleted meanwhile");
        }
    }

    /** Makes the storage of a container that has a record; a deletion waits until it is done. */
    synchronized ContainerStatus finishCreating() {
        if (record.phase() == ContainerRecord.Phase.CREATING) {
            makeStorage();
        }
        requireReady(); // a deletion that came first has the last word
        return status();
    }

    /** Makes the storage of a container that has a record as a copy; a deletion waits until it is done. */
    synchronized ContainerStatus finishCopying(Container source, @Nullable SnapshotId snapshot) {
        if (record.phase() == ContainerRecord.Phase.CREATING) {
            requireNotGone();
            source.lend(snapshot, inherited -> {
                record = record.withInherited(inherited);
                requireRoom();
                machine.storage().copy(source.id(), snapshot, record.id());
            });
            machine.storage().limit(record.id(), record.ownDiskBytes());
            save(record.withPhase(ContainerRecord.Phase.READY)); // its files are on disk already
            changed();
        }
        requireReady();
        return status();
    }

    private void makeStorage() {
        requireNotGone();
        machine.storage().create(record.id(), record.spec().image());
        machine.storage().limit(record.id(), record.ownDiskBytes());
        save(record.withPhase(ContainerRecord.Phase.SETTLING));
        machine.after(SETTLING, this::settle);
        changed();
    }

    /** Waits for the disk while the container lives on. */
    private void settle() {
        if (closing || record.phase() != ContainerRecord.Phase.SETTLING) {
            return;
        }
        machine.storage().settle(record.id());
        synchronized (this) {
            if (record.phase() == ContainerRecord.Phase.SETTLING) {
                note(record.withPhase(ContainerRecord.Phase.READY));
            }
        }
    }

    /** For a container whose agent ended before its storage was safe: what a power cut has taken is made anew, as it was at first. */
    synchronized void settleAgain() {
        if (record.phase() != ContainerRecord.Phase.SETTLING) {
            return;
        }
        if (!machine.storage().exists(record.id())) {
            LOG.warn("event=storage-lost container={}, made anew from its image", record.id());
            machine.storage().create(record.id(), record.spec().image());
            machine.storage().limit(record.id(), record.ownDiskBytes());
        }
        machine.storage().settle(record.id());
        note(record.withPhase(ContainerRecord.Phase.READY));
    }

    synchronized ContainerStatus start() {
        requireFree();
        if (life == null) {
            bear();
            changed();
        }
        return status();
    }

    private void bear() {
        AdmittedSpec admitted = machine.gate().admit(record.spec());
        ids.requireUndisputed(record);
        int generation = machine.lxcfs().generation();
        try {
            live(new Birth(machine, record, admitted).run(run -> note(record.started(run))));
        } catch (RuntimeException e) {
            if (record.run() != null) {
                note(record.ended("never ran: " + e.getMessage(), false));
            }
            throw e;
        }
        if (machine.lxcfs().generation() != generation) { // it may have got the last lxcfs's views
            machine.later(this::refreshViews);
        }
    }

    private void live(Life born) {
        frozen = false;
        life = born;
        born.supervisedBy(machine.supervise(this::record, born));
        machine.reaper().watch(born.monitor, () -> machine.later(() -> monitorEnded(born)));
    }

    /** For a container whose life ended while no agent watched. */
    synchronized void foundDead() {
        ExitRecord exit = ExitRecord.read(machine.statusFile(record.id()));
        boolean byItself = exit.status().isPresent();
        save(record.ended(exit.describe(), byItself ? exit.isReboot() : record.shouldRun()));
    }

    /** For the node's shutdown: stops, and will be started again by the next node if it ran. */
    synchronized void stopForShutdown(Duration grace) {
        closing = true;
        Life running = life;
        if (running != null) {
            end(running, grace);
        }
    }

    /** Takes up a container that outlived an agent. */
    synchronized void pickUp(Life running) {
        live(running);
        machine.later(this::refreshViews);
        if (record.copying()) {
            running.cgroup.thaw();
            save(record.withCopying(false));
        }
        frozen = running.cgroup.frozen();
        if (isHeld()) {
            holdAgain(running);
        }
    }

    /** As the agent before may have died between any two steps of it. What fails here is tried again by {@link #resumeQuarantine}. */
    private void holdAgain(Life running) {
        try {
            hold(running, Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.error(
                    "event=quarantine-not-held container={}", record.id(), e); // and every other container is picked up
        }
    }

    /** Without waiting for verbs; one at a time, or both would attach. */
    void refreshViews() {
        synchronized (views) {
            Life running = life;
            if (running != null) {
                ViewsPlan.refresh(machine, record, running);
            }
        }
    }

    private void monitorEnded(Life ended) {
        boolean reboot;
        synchronized (this) {
            try {
                reboot = life == ended && bury(ended, true);
            } finally {
                ended.close();
            }
            shortLives = Duration.between(ended.run.startedAt(), machine.clock().instant())
                                    .compareTo(SHORT_LIFE)
                            < 0
                    ? shortLives + 1
                    : 0;
        }
        if (reboot) {
            LOG.info("event=reboot container={}", record.id());
            pause();
            startIfWanted();
        }
    }

    /** A container that does nothing but reboot does not keep the node busy. */
    private void pause() {
        int doublings = Math.min(shortLives - PATIENT_LIVES, 6);
        if (doublings >= 0) {
            LockSupport.parkNanos(Duration.ofSeconds(1L << doublings).toNanos());
        }
    }

    boolean isRunning() {
        return life != null;
    }

    /** For a container that should run and does not; a stop that came first has the last word. */
    synchronized void startIfWanted() {
        if (gone || closing || life != null || !record.shouldRun() || record.quarantine() != null) {
            return;
        }
        try {
            start();
        } catch (RuntimeException e) {
            LOG.error("event=restart-failed container={}", record.id(), e);
        }
    }

    /**
     * After PID 1's end: clears what it leaves, and remembers how it ended.
     *
     * @param byItself whether nobody asked the agent for it: then only a reboot brings the container back
     * @return whether it asked for a reboot
     */
    private boolean bury(Life ended, boolean byItself) {
        readLast(ended);
        ExitRecord exit = ExitRecord.read(machine.statusFile(record.id()));
        boolean shouldRun = byItself ? exit.isReboot() : record.shouldRun();
        reap(ended.monitor);
        clear(ended);
        note(record.ended(exit.describe(), shouldRun));
        LOG.info("event=container-ended container={} how=\"{}\"", record.id(), exit.describe());
        changed();
        return exit.isReboot();
    }

    private static void reap(Fd monitor) {
        try {
            ProcessCalls.waitidNow(monitor);
        } catch (SyscallException e) {
            LOG.debug("event=not-our-child error={}, ignoring", e.getMessage()); // an earlier agent's
        }
    }

    private void clear(Life ended) {
        ended.closeDoor();
        ended.cgroup.kill();
        ended.cgroup.remove();
        machine.security().unload(record.id());
        ended.closeSupervision();
        if (record.spec().network() == NetworkMode.NAT) {
            machine.network().disconnect(record.id());
        }
    }

    synchronized ContainerStatus stop(Duration grace, boolean remember) {
        requireFree();
        Life running = life;
        if (remember && record.shouldRun()) {
            save(record.withShouldRun(false));
        }
        if (running != null) {
            end(running, grace);
        }
        return status();
    }

    private void end(Life running, Duration patience) {
        Duration grace = isHeld() ? Duration.ZERO : patience; // what is in quarantine runs no more, not even to its end
        if (frozen && !isHeld()) {
            running.cgroup.thaw();
        }
        frozen = false;
        if (!grace.isZero()) {
            signalInit(running, machine.images().haltSignal(record.spec().image()));
        }
        if (!awaitEnd(running, grace)) {
            LOG.info("event=killed-after-grace container={} grace={}", record.id(), grace);
            running.cgroup.kill();
            signalInit(running, Signal.SIGKILL.number());
            if (!PollCalls.awaitReadable(running.monitor, AFTER_KILL)) {
                throw new ContainerException(
                        Refusal.FAILED,
                        "container " + record.id() + " did not end within " + AFTER_KILL
                                + " of SIGKILL: a process hangs in the kernel; see dmesg");
            }
        }
        bury(running, false);
    }

    /** @throws ContainerException CONFLICT when it is put into quarantine meanwhile: then it is kept, and not killed */
    private boolean awaitEnd(Life running, Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        Duration left = grace;
        while (!PollCalls.awaitReadable(running.monitor, left.compareTo(SLICE) < 0 ? left : SLICE)) {
            if (cutting) {
                throw new ContainerException(
                        Refusal.CONFLICT, "container '" + name() + "' is being put into quarantine; release it first");
            }
            left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (left.isZero()) {
                return false;
            }
        }
        return true;
    }

    private static void signalInit(Life running, int signal) {
        try {
            ProcessCalls.pidfdSendSignal(running.init, signal);
        } catch (SyscallException e) {
            LOG.debug("event=init-gone error={}, ignoring", e.getMessage());
        }
    }

    synchronized ContainerStatus freeze() {
        requireFree();
        requireLife().cgroup.freeze(FREEZE_PATIENCE);
        frozen = true;
        changed();
        return status();
    }

    synchronized ContainerStatus thaw() {
        requireFree();
        requireLife().cgroup.thaw();
        frozen = false;
        changed();
        return status();
    }

    synchronized ContainerStatus resize(Limits limits) {
        requireFree();
        AdmittedSpec resized = machine.gate().admit(record.spec().with(limits));
        requireFits(limits.diskBytes());
        Life running = life;
        if (running != null) {
            running.cgroup.setLimits(limits);
        }
        save(record.with(resized));
        machine.storage().limit(record.id(), record.ownDiskBytes());
        changed();
        return status();
    }

    private void requireFits(long diskBytes) {
        Long used = disk().bytes();
        if (used != null
                && used > diskBytes
                && diskBytes < record.spec().limits().diskBytes()) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "container '" + name() + "' takes " + used + " bytes of the disk with its snapshots, more than "
                            + diskBytes + "; delete files or snapshots first");
        }
    }

    /** Without waiting for verbs. */
    DiskStatus disk() {
        DiskUsage usage = machine.storage().usage(record.id());
        Long bytes = usage.bytes();
        return new DiskStatus(bytes == null ? null : bytes + record.inheritedBytes(), usage.inodes(), usage.limited());
    }

    synchronized ContainerStatus changeDevices(Devices devices) {
        requireFree();
        AdmittedSpec changed = machine.gate().admit(record.spec().with(devices));
        Life running = life;
        if (running != null) {
            DeviceChange.make(record, running, devices);
        }
        save(record.with(changed));
        changed();
        return status();
    }

    synchronized ContainerStatus rename(ContainerName name) {
        requireFree();
        if (!record.spec().name().equals(name)) {
            if (life != null) {
                throw new ContainerException(
                        Refusal.CONFLICT,
                        "container '" + name() + "' runs, and its name is its host name; stop it first");
            }
            save(record.with(machine.gate().admit(record.spec().with(name))));
            changed();
        }
        return status();
    }

    List<SnapshotStatus> snapshots() {
        return snapshotsOf(record).statuses();
    }

    private static Snapshots snapshotsOf(ContainerRecord record) {
        return new Snapshots(record.snapshots());
    }

    private void save(Snapshots snapshots) {
        save(record.withSnapshots(snapshots.notes()));
    }

    synchronized void takeSnapshot(SnapshotId id, SnapshotName name) {
        requireFree();
        if (snapshotsOf(record).isTaken(id)) {
            return;
        }
        save(snapshotsOf(record).begin(id, name));
        try {
            whileNobodyWrites(() -> machine.storage().snapshot(record.id(), id));
        } catch (RuntimeException e) {
            save(snapshotsOf(record).without(id));
            throw e;
        }
        save(snapshotsOf(record).taken(id));
    }

    synchronized void deleteSnapshot(SnapshotId id) {
        requireFree();
        machine.storage().deleteSnapshot(record.id(), id);
        save(snapshotsOf(record).without(id));
    }

    /** What runs is killed: how it would end is lost with the rest. An agent that dies here leaves the old files or the new ones. */
    synchronized ContainerStatus restore(SnapshotId id) {
        requireFree();
        requireSnapshot(id);
        Life running = life;
        if (running != null) {
            end(running, Duration.ZERO);
        }
        machine.storage().restore(record.id(), id);
        LOG.info("event=restored container={} snapshot={}", record.id(), id);
        if (running != null) {
            bear();
        }
        changed();
        return status();
    }

    private void requireSnapshot(SnapshotId id) {
        if (!snapshotsOf(record).isTaken(id)) {
            throw new ContainerException(
                    Refusal.NOT_FOUND,
                    "container '" + name() + "' has no snapshot " + id
                            + "; berth snapshot ls shows those that there are");
        }
    }

    /** Its files, or a snapshot's, for a copy; verbs on it wait. */
    private synchronized void lend(@Nullable SnapshotId snapshot, LongConsumer copy) {
        requireFree();
        Long used = disk().bytes();
        long inherited = used == null ? 0 : used;
        if (snapshot == null) {
            whileNobodyWrites(() -> copy.accept(inherited));
        } else {
            requireSnapshot(snapshot);
            copy.accept(inherited);
        }
    }

    /** For a copy. */
    private void requireRoom() {
        if (record.ownDiskBytes() < LEAST_DISK_BYTES) {
            throw new ContainerException(
                    Refusal.INVALID,
                    "limits.diskBytes: what is to be copied takes " + record.inheritedBytes()
                            + " bytes; ask for at least " + (record.inheritedBytes() + LEAST_DISK_BYTES));
        }
    }

    /** Frozen, where files are copied one by one; an agent that finds it so thaws it. */
    private void whileNobodyWrites(Runnable copy) {
        Life running = life;
        if (running == null || frozen || !machine.storage().copiesFiles()) {
            copy.run();
            return;
        }
        save(record.withCopying(true));
        try {
            running.cgroup.freeze(FREEZE_PATIENCE);
            copy.run();
        } finally {
            running.cgroup.thaw();
            save(record.withCopying(false));
        }
    }

    /** For the next agent: what is counted as whose may not have outlived a power cut, or the pool is an older one. */
    synchronized void settleDisk() {
        machine.storage().limit(record.id(), record.ownDiskBytes());
        machine.storage().countSnapshots(record.id());
    }

    /** For the next agent: brings the record's snapshots into line with the files that there are. */
    synchronized void settleSnapshots() {
        Snapshots noted = snapshotsOf(record);
        Snapshots settled = noted.settled(machine.storage().snapshots(record.id()));
        if (!settled.equals(noted)) {
            LOG.info(
                    "event=snapshots-settled container={} snapshots={}",
                    record.id(),
                    settled.notes().size());
            save(settled);
        }
    }

    /** From here on it will be deleted, whatever happens. */
    synchronized void beginDeleting() {
        if (gone) {
            return;
        }
        if (record.phase().isComplete()) {
            requireFree(); // what was kept as evidence goes by an operator's release first
        }
        note(record.withPhase(ContainerRecord.Phase.DELETING).withShouldRun(false));
        Life running = life;
        if (running != null) {
            end(running, Duration.ZERO);
        }
    }

    synchronized void finishDeleting() throws IOException {
        if (gone) {
            return;
        }
        // it throws while a process is left: neither files nor uids go to anybody else before the last one has ended
        machine.cgroups().open(record.id(), Math.toIntExact(record.uidBase())).remove();
        gone = true;
        machine.security().forget(record.id());
        machine.storage().delete(record.id());
        machine.later(() -> machine.network().forget(record.id())); // a link takes 25 ms to go
        machine.grants().forget(record.id());
        Files.deleteIfExists(machine.statusFile(record.id()));
        Files.deleteIfExists(machine.consoleFile(record.id()));
        records.remove(record.id());
        ids.release(
                record); // last: nobody may get the range while a record still names it. A crash in between quarantines
        // it
        events.accept(new Reply.Removed(record.id()));
    }

    /** Without waiting for verbs: a login must not hang behind a slow stop. */
    Attachment attach(AttachRequest request) {
        return enter(LAST_MOMENT, running -> Attach.attach(running, record.uidBase(), request, machine));
    }

    /** As {@link #attach}; that nobody answers there is told at once. */
    Fd connect(GuestUser user, Endpoint to) {
        return enter(Duration.ZERO, running -> new Forward(running, user, machine).connect(to));
    }

    /** As {@link #attach}. */
    Listener listen(GuestUser user, Endpoint at) {
        return enter(Duration.ZERO, running -> new Forward(running, user, machine).listen(at));
    }

    /** @param patience how long to see whether the container ends, when the way in fails */
    private <T> T enter(Duration patience, Function<Life, T> way) {
        requireFree();
        if (frozen) {
            throw new ContainerException(Refusal.CONFLICT, "container '" + name() + "' is frozen; thaw it first");
        }
        Life running = requireLife();
        try {
            return way.apply(running);
        } catch (RuntimeException e) {
            // where it ended under the login, what failed then says nothing
            throw isRefusal(e) || !hasEnded(running, patience) ? e : stopped(e);
        }
    }

    /** What a container's end can look like to whoever is on the way in. */
    private static final Set<Refusal> OF_THE_WAY = Set.of(Refusal.CONFLICT, Refusal.FAILED);

    private static boolean isRefusal(RuntimeException e) {
        return e instanceof ContainerException refused && !OF_THE_WAY.contains(refused.refusal());
    }

    /** PID 1 is the last to go: it ends what is left in its namespace first (zap_pid_ns_processes(), kernel/pid_namespace.c). */
    private boolean hasEnded(Life running, Duration patience) {
        if (life != running) {
            return true;
        }
        try (Fd init = running.dup(running.init)) {
            return PollCalls.awaitReadable(init, patience);
        } catch (ContainerException e) {
            return true; // closed meanwhile
        }
    }

    private ContainerException stopped(@Nullable Throwable cause) {
        return new ContainerException(Refusal.CONFLICT, "container '" + name() + "' is stopped; start it first", cause);
    }

    /** Logins are covered from the patch on; init is if it began after that. */
    PatchCoverage coverage(PatchStatus patch) {
        Life running = life;
        Instant init = running != null && running.isPatched(patch) ? running.run.startedAt() : null;
        return new PatchCoverage(record.id(), init, patch.addedAt());
    }

    DenialReport denials() {
        Life running = life;
        Supervision supervision = running == null ? null : running.supervision();
        List<Grant> grants = machine.grants().of(record.id());
        return supervision == null
                ? new DenialReport(machine.clock().instant(), List.of(), List.of(), grants)
                : new DenialReport(supervision.since(), supervision.counts(), supervision.recent(), grants);
    }

    UsageStatus usage() {
        Life running = requireLife();
        try {
            Usage usage = running.cgroup.usage();
            return new UsageStatus(
                    record.id(), running.run.startedAt(), usage.cpuMicros(), usage.memoryBytes(), usage.pids(), disk());
        } catch (SyscallException | UncheckedIOException e) {
            throw hasEnded(running, LAST_MOMENT) ? stopped(e) : e; // its cgroup went while it was read
        }
    }

    Optional<UsageStatus> usageIfRunning() {
        try {
            return life == null ? Optional.empty() : Optional.of(usage());
        } catch (ContainerException e) {
            return Optional.empty(); // it has just ended
        }
    }

    /** What its counters say now, or that it does not run. */
    MeterReading reading() {
        synchronized (counters) { // no reading is older than its counters: the next one would seem to go back
            Life running = life;
            return running == null
                    ? Readings.idle(machine, record, disk().bytes())
                    : Readings.of(machine, record, running, disk().bytes());
        }
    }

    /** From here on it does not run. */
    private void readLast(Life ended) {
        synchronized (counters) {
            lastReadings.accept(Readings.of(machine, record, ended, disk().bytes()));
            life = null;
        }
    }

    /** Without waiting for verbs; one that asks during a start or a stop hears what holds at that moment. */
    ContainerPassport passport() {
        Life running = requireLife();
        return Examination.of(record, running, machine);
    }

    /**
     * Cuts it off, step by step, each of which may be done again: what is on disk first, so that an agent that dies anywhere here
     * leaves it to the next one.
     */
    ContainerStatus quarantine(QuarantineReason reason) {
        cutting = true; // a verb that waits for the container's own pleasure gives way
        try {
            return cutOff(reason);
        } finally {
            cutting = false;
        }
    }

    private synchronized ContainerStatus cutOff(QuarantineReason reason) {
        requireReady();
        Quarantine present = record.quarantine();
        if (present == null) {
            save(record.withQuarantine(Quarantine.begin(reason, machine.clock().instant(), frozen)));
            LOG.warn("event=quarantine container={} reason=\"{}\"", record.id(), reason);
        } else if (present.releasing()) {
            save(record.withQuarantine(present.withReleasing(false)));
        }
        carryOut(FREEZE_PATIENCE);
        return status();
    }

    /**
     * As policy wants it, and not to be undone by its owner. It is looked at once more while no verb is under way: a limit that is being
     * changed is no drift.
     */
    synchronized void quarantineIfDrifted() {
        if (gone || closing || life == null || record.quarantine() != null) {
            return;
        }
        List<PassportLine> drift = passport().drift();
        if (!drift.isEmpty()) {
            quarantine(Quarantine.reason(drift));
        }
    }

    /** For the next agent: does what the one before left undone. */
    synchronized void resumeQuarantine() {
        Quarantine present = record.quarantine();
        if (gone || closing || present == null) {
            return;
        }
        if (present.releasing()) {
            open(present);
        } else {
            carryOut(FREEZE_PATIENCE);
        }
    }

    private void carryOut(Duration patience) {
        Life running = life;
        if (running != null) {
            hold(running, patience);
            changed();
        }
        takeSnapshot();
        changed();
    }

    private boolean isHeld() {
        Quarantine present = record.quarantine();
        return present != null && !present.releasing();
    }

    private void hold(Life running, Duration patience) {
        try {
            if (record.spec().network() == NetworkMode.NAT) {
                machine.network().cut(record.id());
            }
        } finally { // what keeps its network must not run either
            frozen = running.cgroup.freezeForGood(patience);
            if (!frozen) {
                LOG.warn("event=quarantine-freezing container={} patience={}", record.id(), patience);
            }
        }
    }

    private void takeSnapshot() {
        Quarantine present = record.quarantine();
        if (present == null || present.taken()) {
            return;
        }
        try {
            machine.storage().snapshot(record.id(), present.snapshot());
            save(record.withQuarantine(present.withSnapshot())
                    .withSnapshots(snapshotsOf(record)
                            .taken(present.snapshot(), Snapshots.QUARANTINE)
                            .notes()));
        } catch (StorageException | SyscallException e) {
            LOG.error("event=quarantine-without-snapshot container={}", record.id(), e);
            save(record.withQuarantine(present.withTrouble(String.valueOf(e.getMessage()))));
        }
    }

    /** Its snapshot stays. What an operator decided holds although the agent dies half-way: the next one goes on. */
    synchronized ContainerStatus endQuarantine() {
        requireReady();
        Quarantine present = record.quarantine();
        if (present != null) {
            save(record.withQuarantine(present.withReleasing(true)));
            LOG.warn("event=release container={}", record.id());
            open(present);
        }
        return status();
    }

    private void open(Quarantine present) {
        Life running = life;
        if (running != null) {
            if (record.spec().network() == NetworkMode.NAT) {
                machine.network()
                        .restore(
                                record.id(), record.spec().name(), record.spec().tenant());
            }
            if (!present.wasFrozen()) {
                running.cgroup.thaw();
                frozen = false;
            }
        }
        save(record.withQuarantine(null));
        changed();
        if (running == null) {
            machine.later(this::startIfWanted);
        }
    }

    String describeBirth() {
        return new Birth(machine, record, machine.gate().admit(record.spec())).describe();
    }

    private Life requireLife() {
        requireReady();
        Life running = life;
        if (running == null) {
            throw stopped(null);
        }
        return running;
    }

    private void requireReady() {
        if (!record.phase().isComplete()) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "container '" + name() + "' is being "
                            + (record.phase() == ContainerRecord.Phase.CREATING ? "created" : "deleted"));
        }
    }

    private void requireFree() {
        requireReady();
        Quarantine present = record.quarantine();
        if (present != null) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "container '" + name() + "' is in quarantine: " + present.reason()
                            + "; contact the platform's operator, who alone can release it");
        }
    }

    private String name() {
        return record.spec().name().value();
    }

    /** Lets go of the fds; the container runs on. */
    synchronized void release() {
        Life running = life;
        life = null;
        if (running != null) {
            running.close();
        }
    }

    ContainerId id() {
        return record.id();
    }
}
