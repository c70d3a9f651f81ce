// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.DiskStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.core.storage.DiskUsage;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container's files: their making, what they may take of the disk, and their snapshots. Changed under the container's lock. */
final class ContainerFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerFiles.class);
    private static final Duration FREEZE_PATIENCE = Duration.ofSeconds(10);
    private static final long LEAST_DISK_BYTES = 16L << 20; // with less, a copy could not even boot

    private final Machine machine;
    private final Recorded recorded;
    private final Present present;

    ContainerFiles(Machine machine, Recorded recorded, Present present) {
        this.machine = machine;
        this.recorded = recorded;
        this.present = present;
    }

    /** From its image. */
    void make() {
        ContainerRecord record = recorded.now();
        machine.storage().create(record.id(), record.spec().image());
        limit();
    }

    /** As a copy of another container, which lends its files under its own lock. */
    void copyFrom(ContainerFiles source, @Nullable SnapshotId snapshot) {
        source.lend(snapshot, taken -> {
            recorded.assume(recorded.now().withInherited(taken));
            requireRoom();
            if (machine.storage().copiesFiles()) {
                recorded.assume(recorded.now().withInherited(0)); // they are charged to the copy itself
            }
            machine.storage().copy(source.recorded.id(), snapshot, recorded.id());
        });
    }

    private void requireRoom() {
        ContainerRecord record = recorded.now();
        if (record.ownDiskBytes() < LEAST_DISK_BYTES) {
            throw new ContainerException(
                    Refusal.INVALID,
                    "limits.diskBytes: what is to be copied takes " + record.inheritedBytes()
                            + " bytes; ask for at least " + (record.inheritedBytes() + LEAST_DISK_BYTES));
        }
    }

    /** Its files, or a snapshot's. */
    private void lend(@Nullable SnapshotId snapshot, LongConsumer copy) {
        recorded.requireFree();
        Long used = disk().bytes();
        long inherited = used == null ? 0 : used;
        if (snapshot == null) {
            whileNobodyWrites(() -> copy.accept(inherited));
        } else {
            requireSnapshot(snapshot);
            copy.accept(inherited);
        }
    }

    /** Frozen, where files are copied one by one; an agent that finds it so thaws it. */
    private void whileNobodyWrites(Runnable copy) {
        Life running = present.life();
        if (running == null || present.isFrozen() || !machine.storage().copiesFiles()) {
            copy.run();
            return;
        }
        recorded.save(recorded.now().withCopying(true));
        try {
            running.cgroup.freeze(FREEZE_PATIENCE);
            copy.run();
        } finally {
            running.cgroup.thaw();
            recorded.save(recorded.now().withCopying(false));
        }
    }

    /** Waits for the disk. */
    void settle() {
        machine.storage().settle(recorded.id());
    }

    /** For a container whose agent ended before its storage was safe: what a power cut has taken is made anew, as it was at first. */
    void settleAgain() {
        if (!machine.storage().exists(recorded.id())) {
            LOG.warn("event=storage-lost container={}, made anew from its image", recorded.id());
            make();
        }
        settle();
    }

    /** Lets it have what its record says. */
    void limit() {
        machine.storage().limit(recorded.id(), recorded.now().ownDiskBytes());
    }

    /** @throws ContainerException CONFLICT when it takes more than it is to have from now on */
    void requireFits(long diskBytes) {
        Long used = disk().bytes();
        if (used != null
                && used > diskBytes
                && diskBytes < recorded.now().spec().limits().diskBytes()) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "container '" + recorded.name() + "' takes " + used
                            + " bytes of the disk with its snapshots, more than " + diskBytes
                            + "; delete files or snapshots first");
        }
    }

    /** Without waiting for verbs. */
    DiskStatus disk() {
        DiskUsage usage = machine.storage().usage(recorded.id());
        Long bytes = usage.bytes();
        return new DiskStatus(
                bytes == null ? null : bytes + recorded.now().inheritedBytes(), usage.inodes(), usage.limited());
    }

    List<SnapshotStatus> snapshots() {
        return noted().statuses();
    }

    private Snapshots noted() {
        return new Snapshots(recorded.now().snapshots());
    }

    private void save(Snapshots snapshots) {
        recorded.save(recorded.now().withSnapshots(snapshots.notes()));
    }

    void takeSnapshot(SnapshotId id, SnapshotName name) {
        if (noted().isTaken(id)) {
            return;
        }
        save(noted().begin(id, name));
        try {
            whileNobodyWrites(() -> machine.storage().snapshot(recorded.id(), id));
        } catch (RuntimeException e) {
            save(noted().without(id));
            throw e;
        }
        save(noted().taken(id));
    }

    void deleteSnapshot(SnapshotId id) {
        machine.storage().deleteSnapshot(recorded.id(), id);
        save(noted().without(id));
    }

    void requireSnapshot(SnapshotId id) {
        if (!noted().isTaken(id)) {
            throw new ContainerException(
                    Refusal.NOT_FOUND,
                    "container '" + recorded.name() + "' has no snapshot " + id
                            + "; berth snapshot ls shows those that there are");
        }
    }

    /** Of a container that does not run. An agent that dies here leaves the old files or the new ones. */
    void restore(SnapshotId id) {
        machine.storage().restore(recorded.id(), id);
        LOG.info("event=restored container={} snapshot={}", recorded.id(), id);
    }

    /** For the next agent: what is counted as whose may not have outlived a power cut, or the pool is an older one. */
    void settleDisk() {
        limit();
        machine.storage().countSnapshots(recorded.id());
    }

    /** For the next agent: brings the record's snapshots into line with the files that there are. */
    void settleSnapshots() {
        Snapshots noted = noted();
        Snapshots settled = noted.settled(machine.storage().snapshots(recorded.id()));
        if (!settled.equals(noted)) {
            LOG.info(
                    "event=snapshots-settled container={} snapshots={}",
                    recorded.id(),
                    settled.notes().size());
            save(settled);
        }
    }
}
