// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import java.time.Duration;

/** Everything that takes long enough to be an operation. */
public enum OperationKind {
    CONTAINER_CREATE(Lane.VERBS, Duration.ofMinutes(2)),
    CONTAINER_START(Lane.VERBS, Duration.ofMinutes(2)),
    CONTAINER_STOP(Lane.VERBS, Duration.ofMinutes(2)),
    CONTAINER_RESTART(Lane.VERBS, Duration.ofMinutes(2)),
    CONTAINER_FREEZE(Lane.VERBS, Duration.ofMinutes(2)),
    CONTAINER_THAW(Lane.VERBS, Duration.ofMinutes(2)),
    CONTAINER_RESIZE(Lane.VERBS, Duration.ofMinutes(2)),
    CONTAINER_COPY(Lane.VERBS, Duration.ofMinutes(2)),
    CONTAINER_RENAME(Lane.VERBS, Duration.ofMinutes(2)),
    /** Ports of its node that lead to it. */
    CONTAINER_NETWORK(Lane.VERBS, Duration.ofMinutes(2)),
    SNAPSHOT_CREATE(Lane.VERBS, Duration.ofMinutes(2)),
    SNAPSHOT_RESTORE(Lane.VERBS, Duration.ofMinutes(2)),
    SNAPSHOT_DELETE(Lane.VERBS, Duration.ofDays(1)),
    CONTAINER_VOLUMES(Lane.VERBS, Duration.ofMinutes(2)),
    VOLUME_CREATE(Lane.VERBS, Duration.ofMinutes(2)),
    VOLUME_RESIZE(Lane.VERBS, Duration.ofMinutes(2)),
    VOLUME_DELETE(Lane.VERBS, Duration.ofDays(7)),
    /** Nobody gives up cutting a container off because the node's agent is being restarted. */
    CONTAINER_QUARANTINE(Lane.OPERATORS, Duration.ofDays(1)),
    CONTAINER_RELEASE(Lane.OPERATORS, Duration.ofMinutes(2)),
    /** Of a tenant that is suspended: frozen or stopped. */
    CONTAINER_SUSPEND(Lane.OPERATORS, Duration.ofDays(1)),
    /** Of one that is no longer: going again. */
    CONTAINER_RESUME(Lane.OPERATORS, Duration.ofDays(1)),
    /** Of a tenant whose budget is used up: fewer processors; and all of them again after that. */
    CONTAINER_THROTTLE(Lane.OPERATORS, Duration.ofDays(1)),
    /** What is to go is never given up quickly: it would hold its name and its storage. */
    CONTAINER_DELETE(Lane.VERBS, Duration.ofDays(7)),
    IMAGE_BUILD(Lane.BUILDS, Duration.ofMinutes(10));

    private final Lane lane;
    private final Duration patience;

    OperationKind(Lane lane, Duration patience) {
        this.lane = lane;
        this.patience = patience;
    }

    /** Workers that kinds share, so that long builds don't stand in the way of short verbs. */
    enum Lane {
        VERBS(32),
        /** What nothing of a tenant's may stand in the way of. */
        OPERATORS(4),
        BUILDS(2);

        private final int workers;

        Lane(int workers) {
            this.workers = workers;
        }

        int workers() {
            return workers;
        }
    }

    /** Whether an operator decides it over a tenant: it waits for nothing that the tenant has asked for, and no tenant calls it off. */
    public boolean isOperators() {
        return lane == Lane.OPERATORS;
    }

    Lane lane() {
        return lane;
    }

    /** How long after its making an operation is tried again while the node does not answer. */
    Duration patience() {
        return patience;
    }
}
