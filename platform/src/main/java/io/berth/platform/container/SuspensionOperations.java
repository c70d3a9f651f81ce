// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import io.berth.platform.operation.OperationHandler;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.tenant.Hold;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Freezes or stops what runs of a suspended tenant's, and sets it going again. What is ordered is looked up when it is done, not when it is asked for. */
@Component
class SuspensionOperations implements OperationHandler {
    static final Set<OperationKind> KINDS = Set.of(OperationKind.CONTAINER_SUSPEND, OperationKind.CONTAINER_RESUME);

    private final Agent agent;
    private final Containers containers;
    private final Observations observations;
    private final Suspensions suspensions;

    SuspensionOperations(Agent agent, Containers containers, Observations observations, Suspensions suspensions) {
        this.agent = agent;
        this.containers = containers;
        this.observations = observations;
        this.suspensions = suspensions;
    }

    @Override
    public Set<OperationKind> kinds() {
        return KINDS;
    }

    @Override
    public void run(Work work) {
        UUID id = UUID.fromString(work.target().id());
        boolean isThere = containers
                .find(id)
                .filter(it -> it.desiredState() != DesiredState.DELETED)
                .isPresent();
        if (!isThere) {
            return;
        }
        ContainerStatus now = agent.container(new Request.Inspect(new ContainerId(id)));
        Optional<Hold> hold = suspensions.hold(id);
        if (now.quarantine() != null) {
            observations.write(now);
        } else if (work.kind() == OperationKind.CONTAINER_SUSPEND) {
            hold.ifPresent(it -> hold(now, it, suspensions.isMarked(id)));
        } else if (hold.isEmpty()) {
            resume(now);
            suspensions.unmark(id);
        }
    }

    /** @param isOurs whether one that is frozen was frozen for this */
    private void hold(ContainerStatus now, Hold hold, boolean isOurs) {
        boolean isRunning = now.state() == ContainerState.RUNNING;
        boolean isToStop = hold == Hold.STOP && (isRunning || (now.state() == ContainerState.FROZEN && isOurs));
        if (isToStop) {
            observe(new Request.Stop(now.id(), ContainerOperations.DEFAULT_GRACE_SECONDS));
        } else if (isRunning) {
            observe(new Request.Freeze(now.id()));
        } else {
            observations.write(now);
        }
    }

    private void resume(ContainerStatus now) {
        switch (now.state()) {
            case FROZEN -> observe(new Request.Thaw(now.id()));
            case STOPPED -> observe(new Request.Start(now.id()));
            default -> observations.write(now);
        }
    }

    private void observe(Request request) {
        observations.write(agent.container(request));
    }

    @Override
    public void failed(Work work, String reason) {
        UUID id = UUID.fromString(work.target().id());
        containers.setLastError(id, reason);
        if (work.kind() == OperationKind.CONTAINER_RESUME
                && suspensions.hold(id).isEmpty()) {
            suspensions.unmark(id);
        }
    }
}
