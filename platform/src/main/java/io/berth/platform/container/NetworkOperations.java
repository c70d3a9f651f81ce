// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentException;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.NetworkRules;
import io.berth.platform.operation.OperationHandler;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Has the node open and close ports. It is told the whole of a container's rules each time: what holds there, and the one port that the
 * operation is about, so that what is wrong with one keeps no other from opening.
 */
@Component
class NetworkOperations implements OperationHandler {
    private static final String PORT = "port";
    private static final String WISH = "wish";

    private static final Logger LOG = LoggerFactory.getLogger(NetworkOperations.class);
    /** Answers after which the node is as it was. */
    private static final Set<Refusal> UNCHANGED =
            EnumSet.of(Refusal.INVALID, Refusal.NOT_FOUND, Refusal.CONFLICT, Refusal.UNSUPPORTED);

    static final Set<OperationKind> KINDS = Set.of(OperationKind.CONTAINER_NETWORK);

    /** What is to become of the port. */
    enum Wish {
        OPEN,
        CLOSE,
        /** As closed, after it could not be opened. */
        CLEAR_AWAY;

        Map<String, Object> arguments(Port port) {
            return Map.of(PORT, port.key(), WISH, name());
        }

        private static Wish of(Work work) {
            return valueOf(String.valueOf(work.arguments().get(WISH)));
        }
    }

    private final Agent agent;
    private final Containers containers;
    private final Observations observations;
    private final Ports ports;
    private final Operations operations;

    NetworkOperations(
            Agent agent, Containers containers, Observations observations, Ports ports, Operations operations) {
        this.agent = agent;
        this.containers = containers;
        this.observations = observations;
        this.ports = ports;
        this.operations = operations;
    }

    @Override
    public Set<OperationKind> kinds() {
        return KINDS;
    }

    @Override
    public void run(Work work) {
        UUID id = UUID.fromString(work.target().id());
        Optional<Container> container = containers.find(id);
        Optional<Port> subject = subject(work);
        if (container.isEmpty() || subject.isEmpty()) {
            return; // deleted meanwhile, or done by an attempt whose end nobody saw
        }
        Port port = subject.get();
        Wish wish = Wish.of(work);
        observations.write(
                agent.container(new Request.ChangeNetworkRules(container.get().containerId(), rules(id, port, wish))));
        if (wish == Wish.OPEN) {
            ports.mark(id, port, Port.State.OPEN);
        } else {
            ports.remove(id, port);
        }
        if (wish != Wish.CLEAR_AWAY) {
            containers.setLastError(id, null);
        }
    }

    private NetworkRules rules(UUID container, Port subject, Wish wish) {
        List<Port> all = ports.list(container);
        return new NetworkRules(all.stream()
                .filter(port ->
                        port.key().equals(subject.key()) ? wish == Wish.OPEN : port.state() != Port.State.OPENING)
                .map(Port::published)
                .toList());
    }

    private Optional<Port> subject(Work work) {
        return ports.find(
                UUID.fromString(work.target().id()),
                String.valueOf(work.arguments().get(PORT)));
    }

    /** What could not be opened is closed: the node may have opened it without our hearing of it. What could not be closed is open. */
    @Override
    public void failed(Work work, String reason) {
        UUID id = UUID.fromString(work.target().id());
        subject(work).ifPresent(port -> {
            if (Wish.of(work) == Wish.OPEN) {
                clearAway(id, port, work);
            } else {
                ports.mark(id, port, Port.State.OPEN);
            }
        });
        containers.setLastError(id, reason);
    }

    private void clearAway(UUID id, Port port, Work work) {
        if (isNotThere(id, port)) {
            ports.remove(id, port);
            return;
        }
        ports.mark(id, port, Port.State.CLOSING);
        ports.tenantOf(id, port)
                .ifPresent(tenant -> operations.submit(new OperationRequest(
                        OperationKind.CONTAINER_NETWORK,
                        work.target(),
                        tenant,
                        null,
                        Wish.CLEAR_AWAY.arguments(port))));
    }

    /** Whether the node says so, by closing it or by refusing as it refused before. */
    private boolean isNotThere(UUID id, Port port) {
        try {
            agent.container(new Request.ChangeNetworkRules(new ContainerId(id), rules(id, port, Wish.CLEAR_AWAY)));
            return true;
        } catch (AgentException e) {
            LOG.info("event=unopened-port container={} port={} error=\"{}\"", id, port.key(), e.getMessage());
            return UNCHANGED.contains(e.refusal());
        }
    }
}
