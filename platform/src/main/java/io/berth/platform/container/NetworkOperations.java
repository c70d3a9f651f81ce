// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.Request;
import io.berth.core.spec.NetworkRules;
import io.berth.platform.operation.OperationHandler;
import io.berth.platform.operation.OperationKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Has the node open and close ports. It is told the whole of a container's rules each time: what holds there, and the one port that the
 * operation is about, so that what is wrong with one keeps no other from opening.
 */
@Component
class NetworkOperations implements OperationHandler {
    /** The argument: which port it is about. */
    static final String PORT = "port";

    static final Set<OperationKind> KINDS = Set.of(OperationKind.CONTAINER_NETWORK);

    private final Agent agent;
    private final Containers containers;
    private final Observations observations;
    private final Ports ports;

    NetworkOperations(Agent agent, Containers containers, Observations observations, Ports ports) {
        this.agent = agent;
        this.containers = containers;
        this.observations = observations;
        this.ports = ports;
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
        observations.write(
                agent.container(new Request.ChangeNetworkRules(container.get().containerId(), rules(id, port))));
        if (port.state() == Port.State.CLOSING) {
            ports.remove(id, port);
        } else {
            ports.mark(id, port, Port.State.OPEN);
        }
        containers.setLastError(id, null);
    }

    private NetworkRules rules(UUID container, Port subject) {
        List<Port> all = ports.list(container);
        return new NetworkRules(all.stream()
                .filter(port -> port.key().equals(subject.key())
                        ? port.state() != Port.State.CLOSING
                        : port.state() != Port.State.OPENING)
                .map(Port::published)
                .toList());
    }

    private Optional<Port> subject(Work work) {
        return ports.find(
                UUID.fromString(work.target().id()),
                String.valueOf(work.arguments().get(PORT)));
    }

    /** What could not be opened is given back; what could not be closed is open. */
    @Override
    public void failed(Work work, String reason) {
        UUID id = UUID.fromString(work.target().id());
        subject(work).ifPresent(port -> {
            if (port.state() == Port.State.OPENING) {
                ports.remove(id, port);
            } else {
                ports.mark(id, port, Port.State.OPEN);
            }
        });
        containers.setLastError(id, reason);
    }
}
