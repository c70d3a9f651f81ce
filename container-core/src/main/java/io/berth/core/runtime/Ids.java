// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.idmap.ForeignIds;
import io.berth.core.idmap.HostIds;
import io.berth.core.idmap.IdPool;
import io.berth.core.idmap.IdRange;
import io.berth.core.idmap.UidLedger;
import io.berth.core.idmap.UidsExhaustedException;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.ContainerId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The uids and gids that this node's containers own.
 *
 * @param instance names the cgroup that the containers are below
 * @param host who else on this host has ids of the pool
 */
record Ids(String instance, HostIds host, UidLedger ledger) {
    private static final Logger LOG = LoggerFactory.getLogger(Ids.class);

    long allocate(ContainerId owner) {
        try {
            return ledger.allocate(owner);
        } catch (UidsExhaustedException e) {
            throw new ContainerException(Refusal.EXHAUSTED, String.valueOf(e.getMessage()), e);
        }
    }

    void claim(ContainerRecord record) {
        ledger.claim(record.uidBase(), record.id());
    }

    void release(ContainerRecord record) {
        ledger.release(record.uidBase());
    }

    /** @throws ContainerException CONFLICT when the host has given ids of the container's to somebody else since */
    void requireUndisputed(ContainerRecord record) {
        host.declared().stream()
                .filter(other -> other.overlaps(record.uidBase()))
                .findFirst()
                .ifPresent(other -> {
                    throw new ContainerException(
                            Refusal.CONFLICT,
                            "container '" + record.spec().name()
                                    + "' does not start while somebody else on this host has its uids: " + other);
                });
    }

    List<IdRangeStatus> ranges() {
        return ledger.ranges(strangers()).stream().map(Ids::status).toList();
    }

    private List<ForeignIds> strangers() {
        return host.strangers(instance, ProcessHandle.current().pid());
    }

    /** At the agent's start: whoever looks at the log finds what is disputed, and the cure. */
    void warn() {
        strangers().forEach(other -> LOG.warn("event=uids-disputed reason=\"{}\"", other));
    }

    private static IdRangeStatus status(IdRange range) {
        return new IdRangeStatus(
                range.start(),
                IdPool.RANGE,
                IdRangeStatus.State.valueOf(range.state().name()),
                range.container(),
                range.since(),
                range.until(),
                range.conflicts().stream().map(ForeignIds::toString).toList());
    }
}
