// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.process.ProcessIdentity;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerSpec;
import java.time.Instant;
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
 */
record ContainerRecord(
        ContainerId id,
        ContainerSpec spec,
        long uidBase,
        Phase phase,
        boolean shouldRun,
        @Nullable Run run,
        @Nullable String lastExit,
        @Nullable Quarantine quarantine) {

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
        return new ContainerRecord(id, admitted.spec(), uidBase, Phase.CREATING, false, null, null, null);
    }

    ContainerRecord withPhase(Phase phase) {
        return new ContainerRecord(id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine);
    }

    ContainerRecord started(Run run) {
        return new ContainerRecord(id, spec, uidBase, phase, true, run, lastExit, quarantine);
    }

    ContainerRecord ended(String lastExit, boolean shouldRun) {
        return new ContainerRecord(id, spec, uidBase, phase, shouldRun, null, lastExit, quarantine);
    }

    ContainerRecord withShouldRun(boolean shouldRun) {
        return new ContainerRecord(id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine);
    }

    ContainerRecord withQuarantine(@Nullable Quarantine quarantine) {
        return new ContainerRecord(id, spec, uidBase, phase, shouldRun, run, lastExit, quarantine);
    }

    ContainerRecord with(AdmittedSpec admitted) {
        return new ContainerRecord(id, admitted.spec(), uidBase, phase, shouldRun, run, lastExit, quarantine);
    }
}
