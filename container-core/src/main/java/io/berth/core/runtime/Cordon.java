// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.SyscallException;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.storage.StorageException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a quarantine does to a container, step by step, each of which may be done again: what is on disk first, so that an agent that
 * dies anywhere here leaves it to the next one. Under the container's lock.
 */
final class Cordon {
    private static final Logger LOG = LoggerFactory.getLogger(Cordon.class);

    private final Machine machine;
    private final Recorded recorded;
    private final Present present;

    Cordon(Machine machine, Recorded recorded, Present present) {
        this.machine = machine;
        this.recorded = recorded;
        this.present = present;
    }

    /** Writes down that it is to be held; one that was being released is held again. */
    void decide(QuarantineReason reason) {
        ContainerRecord record = recorded.now();
        Quarantine before = record.quarantine();
        if (before == null) {
            recorded.save(record.withQuarantine(
                    Quarantine.begin(reason, machine.clock().instant(), present.isFrozen())));
            LOG.warn("event=quarantine container={} reason=\"{}\"", record.id(), reason);
        } else if (before.releasing()) {
            recorded.save(record.withQuarantine(before.withReleasing(false)));
        }
    }

    /** Cuts what runs off. */
    void hold(Life running, Duration patience) {
        try {
            if (recorded.now().spec().network() == NetworkMode.NAT) {
                machine.network().cut(recorded.id());
            }
        } finally { // what keeps its network must not run either
            present.freezes(running.cgroup.freezeForGood(patience));
            if (!present.isFrozen()) {
                LOG.warn("event=quarantine-freezing container={} patience={}", recorded.id(), patience);
            }
        }
    }

    /** For what comes later; that it can't be taken is written down. */
    void takeSnapshot() {
        ContainerRecord record = recorded.now();
        Quarantine quarantine = record.quarantine();
        if (quarantine == null || quarantine.taken()) {
            return;
        }
        try {
            machine.storage().snapshot(record.id(), quarantine.snapshot());
            recorded.save(record.withQuarantine(quarantine.withSnapshot())
                    .withSnapshots(new Snapshots(record.snapshots())
                            .taken(quarantine.snapshot(), Snapshots.QUARANTINE)
                            .notes()));
        } catch (StorageException | SyscallException e) {
            LOG.error("event=quarantine-without-snapshot container={}", record.id(), e);
            recorded.save(record.withQuarantine(quarantine.withTrouble(String.valueOf(e.getMessage()))));
        }
    }

    /** Lets it go as an operator decided; its snapshot stays. */
    void open(Quarantine quarantine) {
        ContainerRecord record = recorded.now();
        Life running = present.life();
        if (running != null) {
            if (record.spec().network() == NetworkMode.NAT) {
                machine.network()
                        .restore(
                                record.id(),
                                record.spec().name(),
                                record.spec().tenant(),
                                quarantine.wasFrozen()
                                        ? NetworkRules.NONE
                                        : record.spec().networkRules());
            }
            if (!quarantine.wasFrozen()) {
                running.cgroup.thaw();
                present.freezes(false);
            }
        }
        recorded.save(record.withQuarantine(null));
    }
}
