// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentException;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.platform.node.NodeListener;
import io.berth.platform.problem.ProblemException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Brings the table of containers into line with what the node has. */
@Component
class Reconciler implements NodeListener {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final Observations observations;
    private final Containers containers;
    private final Strays strays;
    private final Agent agent;

    Reconciler(Observations observations, Containers containers, Strays strays, Agent agent) {
        this.observations = observations;
        this.containers = containers;
        this.strays = strays;
        this.agent = agent;
    }

    @Override
    public void observed(ContainerStatus status) {
        try {
            if (observations.reconcile(status, this::now)) {
                strays.forget(status.id());
            } else {
                strays.note(status);
            }
        } catch (ProblemException e) {
            LOG.error("observed state not written: {}", e.getMessage());
            containers.setLastError(status.id().value(), e.getMessage());
        }
    }

    private ContainerStatus now(ContainerStatus event) {
        try {
            return agent.container(new Request.Inspect(event.id()));
        } catch (AgentException e) {
            if (e.refusal() == Refusal.NOT_FOUND) {
                return event; // an event that says so follows
            }
            throw e;
        }
    }

    @Override
    public void removed(ContainerId id) {
        strays.forget(id);
        observations.missing(id);
    }

    @Override
    public void synchronised(Set<ContainerId> present) {
        strays.forgetExcept(present);
        observations.missingExcept(present);
    }
}
