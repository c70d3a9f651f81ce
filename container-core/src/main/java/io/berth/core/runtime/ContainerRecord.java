// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.process.ProcessIdentity;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the agent must remember of a container, one file each.
 *
 * @param id its identity
 * @param spec what was asked for
 * @param uidBase first id of the host that it owns
 * @param phase how far its making or deleting has come
 * @param shouldRun whether the agent starts it when it finds it stopped
 * @param run the processes of its present life; null when it does not run
 * @param lastExit how its last life ended, in words
 * @param quarantine why it is cut off; null when it is not
 * @param snapshots oldest first
 * @param inheritedBytes what a copy's source took of the disk when it was made: extents that both have are charged to the source for
 *     good, so the copy's limit is lower by as much
 * @param copying whether it is frozen for no other reason than that its files are being copied
 */
record ContainerRecord(
        ContainerId id,
        ContainerSpec spec,
        long uidBase,
        Phase phase,
        boolean shouldRun,
        @Nullable Run run,
        @Nullable String lastExit,
        @Nullable Quarantine quarantine,
        List<SnapshotNote> snapshots,
        long inheritedBytes,
        boolean copying) {
    ContainerRecord {
        snapshots = List.copyOf(snapshots);
    }

    enum Phase {
        /** The range is taken; storage may be half-made. */
        CREATING,
        /** Complete, but a power cut may still take the storage away. */
        SETTLING,
        /** Complete. */
        READY,
        /** Deletion was accepted; it will be finished whatever happens. */
        DELETING;

        boolean isComplete() {
            return this == SETTLING || this == READY;
        }
    }

    /**
     * A life of the container.
     *
     * @param monitor its monitor, the process that another agent picks the container up by
     * @param initPid PID 1 in the host's numbering
     * @param startedAt when PID 1 was let go
     */
    record Run(ProcessIdentity monitor, int initPid, Instant startedAt) {}

    static ContainerRecord fresh(ContainerId id, AdmittedSpec admitted, long uidBase) {
        return new ContainerRecord(
                id, admitted.spec(), uidBase, Phase.CREATING, false, null, null, null, List.of(), 0, false);
    }

    ContainerRecord withPhase(Phase phase) {
        return new ContainerRecord(
                id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine, snapshots, inheritedBytes, copying);
    }

    ContainerRecord started(Run run) {
        return new ContainerRecord(
                id, spec, uidBase, phase, true, run, lastExit, quarantine, snapshots, inheritedBytes, copying);
    }

    ContainerRecord ended(String lastExit, boolean shouldRun) {
        return new ContainerRecord(
                id, spec, uidBase, phase, shouldRun, null, lastExit, quarantine, snapshots, inheritedBytes, false);
    }

    ContainerRecord withShouldRun(boolean shouldRun) {
        return new ContainerRecord(
                id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine, snapshots, inheritedBytes, copying);
    }

    ContainerRecord withQuarantine(@Nullable Quarantine quarantine) {
        return new ContainerRecord(
                id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine, snapshots, inheritedBytes, copying);
    }

    ContainerRecord with(AdmittedSpec admitted) {
        return new ContainerRecord(
                id,
                admitted.spec(),
                uidBase,
                phase,
                shouldRun,
                run,
                lastExit,
                quarantine,
                snapshots,
                inheritedBytes,
                copying);
    }

    ContainerRecord withSnapshots(List<SnapshotNote> snapshots) {
        return new ContainerRecord(
                id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine, snapshots, inheritedBytes, copying);
    }

    ContainerRecord withCopying(boolean copying) {
        return new ContainerRecord(
                id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine, snapshots, inheritedBytes, copying);
    }

    ContainerRecord withInherited(long bytes) {
        return new ContainerRecord(
                id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine, snapshots, bytes, copying);
    }

    /** How much the filesystem may let it write. */
    long ownDiskBytes() {
        return spec.limits().diskBytes() - inheritedBytes;
    }
}
