// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentException;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.platform.node.NodeListener;
import io.berth.platform.problem.ProblemException;
import java.util.Optional;
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
    private final Drifts drifts;
    private final Agent agent;

    Reconciler(Observations observations, Containers containers, Strays strays, Drifts drifts, Agent agent) {
        this.observations = observations;
        this.containers = containers;
        this.strays = strays;
        this.drifts = drifts;
        this.agent = agent;
    }

    @Override
    public void observed(ContainerStatus status) {
        try {
            if (observations.reconcile(status, this::now)) {
                strays.forget(status.id());
            } else {
                inspect(status.id()).ifPresent(strays::note);
            }
        } catch (ProblemException e) {
            LOG.error("observed state not written: {}", e.getMessage());
            containers.setLastError(status.id().value(), e.getMessage());
        }
    }

    /** What the node says now; the event itself when the container has gone meanwhile, for an event that says so follows. */
    private ContainerStatus now(ContainerStatus event) {
        return inspect(event.id()).orElse(event);
    }

    private Optional<ContainerStatus> inspect(ContainerId id) {
        try {
            return Optional.of(agent.container(new Request.Inspect(id)));
        } catch (AgentException e) {
            if (e.refusal() == Refusal.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void drifted(Reply.Drift drift) {
        drifts.note(drift);
    }

    @Override
    public void removed(ContainerId id) {
        strays.forget(id);
        drifts.end(id);
        observations.missing(id);
    }

    @Override
    public void synchronised(Set<ContainerId> present) {
        strays.forgetExcept(present);
        observations.missingExcept(present);
    }
}
