// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.Request;
import io.berth.platform.operation.OperationHandler;
import io.berth.platform.operation.OperationKind;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Has the node give a container the processors that it is to have now, which is looked up when it is done. */
@Component
class ThrottleOperations implements OperationHandler {
    private final Agent agent;
    private final Containers containers;
    private final Observations observations;

    ThrottleOperations(Agent agent, Containers containers, Observations observations) {
        this.agent = agent;
        this.containers = containers;
        this.observations = observations;
    }

    @Override
    public Set<OperationKind> kinds() {
        return Set.of(OperationKind.CONTAINER_THROTTLE);
    }

    @Override
    public void run(Work work) {
        containers
                .find(UUID.fromString(work.target().id()))
                .filter(it -> it.desiredState() != DesiredState.DELETED)
                .filter(it -> it.quarantine() == null)
                .ifPresent(it ->
                        observations.write(agent.container(new Request.Resize(it.containerId(), it.limitsNow()))));
    }

    @Override
    public void failed(Work work, String reason) {
        containers.setLastError(UUID.fromString(work.target().id()), reason);
    }
}
