// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.Devices;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.PublishedPort;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.spec.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
    private static final Duration SETTLING = Duration.ofSeconds(2); // the first boot is over, and meets no commit

    private final Machine machine;
    private final Recorded recorded;
    private final Present present;
    private final ContainerFiles files;
    private final Cordon cordon;
    private final Figures figures;
    private final WaysIn ways;
    private final Ending ending;
    private final Ids ids;
    private final Consumer<Reply> events;
    private final Object views = new Object();
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
        this.recorded = new Recorded(records, record);
        this.present = new Present(recorded);
        this.files = new ContainerFiles(machine, recorded, present);
        this.cordon = new Cordon(machine, recorded, present);
        this.figures = new Figures(machine, recorded, present, files, lastReadings);
        this.ways = new WaysIn(machine, recorded, present);
        this.ending = new Ending(machine, recorded, present, figures, this::changed);
        this.ids = ids;
        this.events = events;
    }

    ContainerId id() {
        return recorded.id();
    }

    ContainerRecord record() {
        return recorded.now();
    }

    boolean isRunning() {
        return present.life() != null;
    }

    /** What can be said of it. */
    Figures figures() {
        return figures;
    }

    /** How processes get into it. */
    WaysIn ways() {
        return ways;
    }

    /** For reading: what changes them are verbs. */
    ContainerFiles files() {
        return files;
    }

    private ContainerStatus changed() {
        ContainerStatus status = figures.status();
        events.accept(new Reply.Container(status));
        return status;
    }

    /** Makes the storage of a container that has a record; a deletion waits until it is done. */
    synchronized ContainerStatus finishCreating() {
        if (record().phase() == ContainerRecord.Phase.CREATING) {
            recorded.requireNotGone();
            files.make();
            recorded.save(record().withPhase(ContainerRecord.Phase.SETTLING));
            machine.after(SETTLING, this::settle);
            changed();
        }
        recorded.requireReady(); // a deletion that came first has the last word
        return figures.status();
    }

    /** Makes the storage of a container that has a record as a copy; a deletion waits until it is done. */
    synchronized ContainerStatus finishCopying(Container source, @Nullable SnapshotId snapshot) {
        if (record().phase() == ContainerRecord.Phase.CREATING) {
            recorded.requireNotGone();
            source.lendTo(files, snapshot);
            files.limit();
            recorded.save(record().withPhase(ContainerRecord.Phase.READY)); // its files are on disk already
            changed();
        }
        recorded.requireReady();
        return figures.status();
    }

    /** Verbs on it wait. */
    private synchronized void lendTo(ContainerFiles copy, @Nullable SnapshotId snapshot) {
        copy.copyFrom(files, snapshot);
    }

    /** Waits for the disk while the container lives on. */
    private void settle() {
        if (closing || record().phase() != ContainerRecord.Phase.SETTLING) {
            return;
        }
        files.settle();
        synchronized (this) {
            if (record().phase() == ContainerRecord.Phase.SETTLING) {
                recorded.note(record().withPhase(ContainerRecord.Phase.READY));
            }
        }
    }

    /** For the next agent: what the one before had begun with the storage, and did not see through. */
    synchronized void settleAgain() {
        if (record().phase() == ContainerRecord.Phase.SETTLING) {
            files.settleAgain();
            recorded.note(record().withPhase(ContainerRecord.Phase.READY));
        }
    }

    /** For the next agent, once {@link #settleAgain} is done. */
    synchronized void settleDisk() {
        files.settleSnapshots();
        files.settleDisk();
    }

    synchronized ContainerStatus start() {
        recorded.requireFree();
        if (!isRunning()) {
            bear();
            changed();
        }
        return figures.status();
    }

    private void bear() {
        AdmittedSpec admitted = machine.gate().admit(record().spec());
        ids.requireUndisputed(record());
        int generation = machine.lxcfs().generation();
        try {
            live(new Birth(machine, record(), admitted).run(run -> recorded.note(record().started(run))));
        } catch (RuntimeException e) {
            if (record().run() != null) {
                recorded.note(record().ended("never ran: " + e.getMessage(), false));
            }
            throw e;
        }
        if (machine.lxcfs().generation() != generation) { // it may have got the last lxcfs's views
            machine.later(this::refreshViews);
        }
    }

    private void live(Life born) {
        present.begins(born);
        born.supervisedBy(machine.supervise(this::record, born));
        machine.reaper().watch(born.monitor, () -> machine.later(() -> monitorEnded(born)));
    }

    /** For a container whose life ended while no agent watched. */
    synchronized void foundDead() {
        ExitRecord exit = ExitRecord.read(machine.statusFile(id()));
        boolean byItself = exit.status().isPresent();
        recorded.save(record().ended(exit.describe(), byItself ? exit.isReboot() : record().shouldRun()));
    }

    /** For the node's shutdown: stops, and will be started again by the next node if it ran. */
    synchronized void stopForShutdown(Duration grace) {
        closing = true;
        Life running = present.life();
        if (running != null) {
            ending.end(running, grace);
        }
    }

    /** Takes up a container that outlived an agent. */
    synchronized void pickUp(Life running) {
        live(running);
        machine.later(this::refreshViews);
        VolumeChange.settle(machine, record(), running);
        if (record().copying()) {
            running.cgroup.thaw();
            recorded.save(record().withCopying(false));
        }
        present.freezes(running.cgroup.frozen());
        if (recorded.isHeld()) {
            holdAgain(running);
        } else {
            machine.network().apply(id(), rulesNow());
        }
    }

    /** As the agent before may have died between any two steps of it. What fails here is tried again by {@link #resumeQuarantine}. */
    private void holdAgain(Life running) {
        try {
            cordon.hold(running, Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.error("event=quarantine-not-held container={}", id(), e); // and every other container is picked up
        }
    }

    /** Without waiting for verbs; one at a time, or both would attach. */
    void refreshViews() {
        synchronized (views) {
            Life running = present.life();
            if (running != null) {
                ViewsPlan.refresh(machine, record(), running);
            }
        }
    }

    private void monitorEnded(Life ended) {
        boolean reboot;
        synchronized (this) {
            try {
                reboot = present.life() == ended && ending.bury(ended, true);
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
            LOG.info("event=reboot container={}", id());
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

    /** For a container that should run and does not; a stop that came first has the last word. */
    synchronized void startIfWanted() {
        if (isLeavingAlone() || isRunning() || !record().shouldRun() || record().quarantine() != null) {
            return;
        }
        try {
            start();
        } catch (RuntimeException e) {
            LOG.error("event=restart-failed container={}", id(), e);
        }
    }

    /** Deleted, or the node is ending. */
    private boolean isLeavingAlone() {
        return recorded.isGone() || closing;
    }

    synchronized ContainerStatus stop(Duration grace, boolean remember) {
        recorded.requireFree();
        if (remember && record().shouldRun()) {
            recorded.save(record().withShouldRun(false));
        }
        Life running = present.life();
        if (running != null) {
            ending.end(running, grace);
        }
        return figures.status();
    }

    synchronized ContainerStatus freeze() {
        recorded.requireFree();
        present.require().cgroup.freeze(FREEZE_PATIENCE);
        present.freezes(true);
        machine.network().apply(id(), rulesNow());
        return changed();
    }

    synchronized ContainerStatus thaw() {
        recorded.requireFree();
        present.require().cgroup.thaw();
        present.freezes(false);
        machine.network().apply(id(), rulesNow());
        return changed();
    }

    synchronized ContainerStatus resize(Limits limits) {
        recorded.requireFree();
        AdmittedSpec resized = machine.gate().admit(record().spec().with(limits));
        files.requireFits(limits.diskBytes());
        Life running = present.life();
        if (running != null) {
            running.cgroup.setLimits(limits);
        }
        recorded.save(record().with(resized));
        files.limit();
        return changed();
    }

    synchronized ContainerStatus changeDevices(Devices devices) {
        recorded.requireFree();
        AdmittedSpec admitted = machine.gate().admit(record().spec().with(devices));
        Life running = present.life();
        if (running != null) {
            DeviceChange.make(record(), running, devices);
        }
        recorded.save(record().with(admitted));
        return changed();
    }

    synchronized ContainerStatus changeVolumes(List<VolumeMount> wanted) {
        recorded.requireFree();
        ContainerSpec spec = record().spec();
        List<VolumeMount> touched =
                Stream.concat(spec.volumes().stream(), wanted.stream()).toList();
        try (Volumes.Use _ = machine.volumes().use(touched)) {
            AdmittedSpec admitted = machine.gate().admit(spec.with(wanted));
            ContainerRecord before = record();
            recorded.save(before.with(admitted)); // first: the next agent finishes what this one has begun
            Life running = present.life();
            if (running != null) {
                mountVolumes(running, before, spec.volumes(), wanted);
            }
        }
        return changed();
    }

    private void mountVolumes(
            Life running, ContainerRecord before, List<VolumeMount> present, List<VolumeMount> wanted) {
        try {
            VolumeChange.make(machine, running, present, wanted);
        } catch (RuntimeException e) {
            recorded.save(before);
            VolumeChange.settle(machine, before, running);
            throw e;
        }
    }

    synchronized ContainerStatus changeNetworkRules(NetworkRules wanted) {
        recorded.requireFree();
        ContainerRecord before = record();
        AdmittedSpec admitted = machine.gate().admit(before.spec().with(wanted));
        requireFree(wanted.ports(), before.spec().networkRules().ports());
        machine.ports().claim(id(), wanted.ports());
        try {
            recorded.save(before.with(admitted)); // first: the next agent's rules are those of the record
            if (isRunning()) {
                applyRules(before);
            }
        } finally {
            machine.ports().keep(id(), record().spec().networkRules().ports());
        }
        return changed();
    }

    private void requireFree(List<PublishedPort> wanted, List<PublishedPort> had) {
        for (PublishedPort port : wanted) {
            if (had.stream().noneMatch(port::collidesWith) && !machine.network().isFree(port)) {
                throw new ContainerException(
                        Refusal.CONFLICT,
                        "ports: something on the node itself has " + port.describe() + " in use; choose another port");
            }
        }
    }

    private void applyRules(ContainerRecord before) {
        try {
            machine.network().apply(id(), rulesNow());
        } catch (RuntimeException e) {
            recorded.save(before);
            machine.network().apply(id(), rulesNow());
            throw e;
        }
    }

    /** A frozen one answers nobody, and its kernel is not to do so for it. */
    private NetworkRules rulesNow() {
        return present.isFrozen() ? NetworkRules.NONE : record().spec().networkRules();
    }

    synchronized ContainerStatus rename(ContainerName name) {
        recorded.requireFree();
        if (record().spec().name().equals(name)) {
            return figures.status();
        }
        if (isRunning()) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "container '" + recorded.name() + "' runs, and its name is its host name; stop it first");
        }
        recorded.save(record().with(machine.gate().admit(record().spec().with(name))));
        return changed();
    }

    synchronized void takeSnapshot(SnapshotId id, SnapshotName name) {
        recorded.requireFree();
        files.takeSnapshot(id, name);
    }

    synchronized void deleteSnapshot(SnapshotId id) {
        recorded.requireFree();
        files.deleteSnapshot(id);
    }

    /** What runs is killed: how it would end is lost with the rest. */
    synchronized ContainerStatus restore(SnapshotId id) {
        recorded.requireFree();
        files.requireSnapshot(id);
        Life running = present.life();
        if (running != null) {
            ending.end(running, Duration.ZERO);
        }
        files.restore(id);
        if (running != null) {
            bear();
        }
        return changed();
    }

    /** From here on it will be deleted, whatever happens. */
    synchronized void beginDeleting() {
        if (recorded.isGone()) {
            return;
        }
        if (record().phase().isComplete()) {
            recorded.requireFree(); // what was kept as evidence goes by an operator's release first
        }
        recorded.note(record().withPhase(ContainerRecord.Phase.DELETING).withShouldRun(false));
        Life running = present.life();
        if (running != null) {
            ending.end(running, Duration.ZERO);
        }
    }

    /** What failed half-way is done from its beginning the next time: each step finds what is done already. */
    synchronized void finishDeleting() throws IOException {
        if (recorded.isFinished()) {
            return;
        }
        // it throws while a process is left: neither files nor uids go to anybody else before the last one has ended
        machine.cgroups().open(id(), Math.toIntExact(record().uidBase())).remove();
        recorded.goes();
        machine.security().forget(id());
        machine.storage().delete(id());
        machine.later(() -> machine.network().forget(id())); // a link takes 25 ms to go
        machine.grants().forget(id());
        Files.deleteIfExists(machine.statusFile(id()));
        Files.deleteIfExists(machine.consoleFile(id()));
        recorded.remove();
        machine.ports().release(id()); // no record names them any more
        // last: nobody may get the range while a record still names it. A crash in between quarantines it
        ids.release(record());
        recorded.finish();
        events.accept(new Reply.Removed(id()));
    }

    /** Cuts it off: its processes, its network, its logins; and keeps a snapshot. */
    ContainerStatus quarantine(QuarantineReason reason) {
        ending.hurry(true); // a verb that waits for the container's own pleasure gives way
        try {
            return cutOff(reason);
        } finally {
            ending.hurry(false);
        }
    }

    private synchronized ContainerStatus cutOff(QuarantineReason reason) {
        recorded.requireReady();
        cordon.decide(reason);
        return carryOut();
    }

    private ContainerStatus carryOut() {
        Life running = present.life();
        if (running != null) {
            cordon.hold(running, FREEZE_PATIENCE);
            changed();
        }
        cordon.takeSnapshot();
        return changed();
    }

    /**
     * As policy wants it, and not to be undone by its owner. It is looked at once more while no verb is under way: a limit that is being
     * changed is no drift.
     */
    synchronized void quarantineIfDrifted() {
        if (isLeavingAlone() || !isRunning() || record().quarantine() != null) {
            return;
        }
        List<PassportLine> drift = figures.passport().drift();
        if (!drift.isEmpty()) {
            quarantine(Quarantine.reason(drift));
        }
    }

    /** For the next agent: does what the one before left undone. */
    synchronized void resumeQuarantine() {
        Quarantine quarantine = record().quarantine();
        if (isLeavingAlone() || quarantine == null) {
            return;
        }
        if (quarantine.releasing()) {
            open(quarantine);
        } else {
            carryOut();
        }
    }

    /** What an operator decided holds although the agent dies half-way: the next one goes on. */
    synchronized ContainerStatus endQuarantine() {
        recorded.requireReady();
        Quarantine quarantine = record().quarantine();
        if (quarantine != null) {
            recorded.save(record().withQuarantine(quarantine.withReleasing(true)));
            LOG.warn("event=release container={}", id());
            open(quarantine);
        }
        return figures.status();
    }

    private void open(Quarantine quarantine) {
        cordon.open(quarantine);
        changed();
        if (!isRunning()) {
            machine.later(this::startIfWanted);
        }
    }

    String describeBirth() {
        return new Birth(machine, record(), machine.gate().admit(record().spec())).describe();
    }

    /** Lets go of the fds; the container runs on. */
    synchronized void release() {
        Life running = present.life();
        present.ends();
        if (running != null) {
            running.close();
        }
    }
}
