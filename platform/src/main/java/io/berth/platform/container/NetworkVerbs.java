// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Accepts what tenants want of their containers' network; as {@link ContainerVerbs} does. */
@Component
class NetworkVerbs {
    private final ContainerVerbs verbs;
    private final SpecGate gate;
    private final Ports ports;
    private final Operations operations;

    NetworkVerbs(ContainerVerbs verbs, SpecGate gate, Ports ports, Operations operations) {
        this.verbs = verbs;
        this.gate = gate;
        this.ports = ports;
        this.operations = operations;
    }

    /** @param hostPort null for one that is free */
    @Transactional(propagation = Propagation.MANDATORY)
    Operation publish(
            Caller caller,
            ContainerVerbs.Address address,
            Protocol protocol,
            int containerPort,
            @Nullable Integer hostPort) {
        address.tenant().requireActive();
        Container container = verbs.free(address);
        Port reserved = hostPort == null
                ? any(address, container, protocol, containerPort)
                : named(address, container, new PublishedPort(protocol, hostPort, containerPort));
        return submit(caller, address, container, NetworkOperations.Wish.OPEN.arguments(reserved));
    }

    private Port named(ContainerVerbs.Address address, Container container, PublishedPort wanted) {
        return reserve(address, container, wanted).orElseThrow(() -> ports.taken(address.tenant(), wanted));
    }

    /** Others may choose the same at the same moment. */
    private Port any(ContainerVerbs.Address address, Container container, Protocol protocol, int containerPort) {
        Optional<Port> reserved = Optional.empty();
        while (reserved.isEmpty()) {
            reserved = reserve(address, container, new PublishedPort(protocol, free(protocol), containerPort));
        }
        return reserved.get();
    }

    private Optional<Port> reserve(ContainerVerbs.Address address, Container container, PublishedPort wanted) {
        List<PublishedPort> all = new ArrayList<>();
        ports.list(container.id()).stream()
                .map(Port::published)
                .filter(port -> !port.collidesWith(wanted)) // whose it is already is looked up next
                .forEach(all::add);
        all.add(wanted);
        gate.admit(address.tenant(), container.spec().with(new NetworkRules(all)));
        return ports.reserve(address.tenant(), container, wanted);
    }

    private int free(Protocol protocol) {
        return ports.free(protocol)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.NODE_EXHAUSTED,
                        "the node has no port left to publish; those that it has are "
                                + ports.publishable().describe()));
    }

    /** Asked for twice, the second operation finds nothing to do. */
    @Transactional(propagation = Propagation.MANDATORY)
    Operation unpublish(Caller caller, ContainerVerbs.Address address, String key) {
        Container container = verbs.free(address);
        Port port = ports.find(container.id(), key).orElseThrow(() -> ProblemException.notFound("port", key));
        if (port.state() == Port.State.OPENING) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "port '" + key + "' is being opened; wait for that operation");
        }
        ports.mark(container.id(), port, Port.State.CLOSING);
        return submit(caller, address, container, NetworkOperations.Wish.CLOSE.arguments(port));
    }

    private Operation submit(
            Caller caller, ContainerVerbs.Address address, Container container, Map<String, Object> arguments) {
        return operations.submit(new OperationRequest(
                OperationKind.CONTAINER_NETWORK,
                container.target(),
                address.tenant().id(),
                caller.userId(),
                arguments));
    }
}
