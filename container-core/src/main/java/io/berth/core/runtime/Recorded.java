// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Refusal;
import io.berth.core.spec.ContainerId;

/** A container's record, and what it forbids. Changed under the container's lock; reading never waits. */
final class Recorded {
    private final ContainerRecords records;
    private volatile ContainerRecord record;
    private boolean gone;
    private boolean finished;

    Recorded(ContainerRecords records, ContainerRecord record) {
        this.records = records;
        this.record = record;
    }

    ContainerRecord now() {
        return record;
    }

    ContainerId id() {
        return record.id();
    }

    String name() {
        return record.spec().name().value();
    }

    /** On disk when this returns. */
    void save(ContainerRecord changed) {
        requireNotGone();
        records.save(changed);
        record = changed;
    }

    /** For a life's begin and end: a boot makes pids void, and a sync would cost more than the whole birth. */
    void note(ContainerRecord changed) {
        requireNotGone();
        records.note(changed);
        record = changed;
    }

    /** For this life of the agent only. */
    void assume(ContainerRecord changed) {
        record = changed;
    }

    boolean isGone() {
        return gone;
    }

    /** From here on nothing is saved any more. */
    void goes() {
        gone = true;
    }

    void remove() {
        records.remove(record.id());
    }

    /** Nothing is left of it, and nothing is left to do. */
    void finish() {
        finished = true;
    }

    boolean isFinished() {
        return finished;
    }

    void requireNotGone() {
        if (gone) {
            throw new ContainerException(Refusal.NOT_FOUND, "container '" + name() + "' has been deleted meanwhile");
        }
    }

    void requireReady() {
        if (!record.phase().isComplete()) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "container '" + name() + "' is being "
                            + (record.phase() == ContainerRecord.Phase.CREATING ? "created" : "deleted"));
        }
    }

    /** Ready, and in no quarantine. */
    void requireFree() {
        requireReady();
        Quarantine present = record.quarantine();
        if (present != null) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "container '" + name() + "' is in quarantine: " + present.reason()
                            + "; contact the platform's operator, who alone can release it");
        }
    }

    /** Whether it is in a quarantine that nobody has ended yet. */
    boolean isHeld() {
        Quarantine present = record.quarantine();
        return present != null && !present.releasing();
    }
}
