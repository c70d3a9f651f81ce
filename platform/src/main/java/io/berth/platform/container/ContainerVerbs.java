// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.Limits;
import io.berth.platform.image.Images;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.operation.TargetType;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.quota.Growth;
import io.berth.platform.quota.Quota;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.trail.Trail;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Accepts what tenants want: what is desired and the operation that brings it about are one transaction. */
@Component
class ContainerVerbs {
    private final SpecGate gate;
    private final Containers containers;
    private final Operations operations;
    private final Quota quota;

    ContainerVerbs(SpecGate gate, Containers containers, Operations operations, Quota quota) {
        this.quota = quota;
        this.gate = gate;
        this.containers = containers;
        this.operations = operations;
    }

    /**
     * Which container, as a request names it.
     *
     * @param ifMatch the ETag that it must still have, null for any
     */
    record Address(Tenant tenant, String idOrName, @Nullable String ifMatch) {}

    /**
     * A container that somebody wants.
     *
     * @param image the spec's, as it was looked up for this request
     */
    record Wish(ContainerSpec spec, Images.Resolved image, DesiredState desired) {}

    /** What locks the tenant's quota comes last: all that is asked of the tenant meanwhile waits for the rest of this transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    Operation create(Caller caller, Tenant tenant, Wish wish) {
        tenant.requireActive();
        AdmittedSpec admitted = gate.admit(tenant, wish.spec(), wish.image());
        quota.refuseWhatCantFit(tenant.id(), Growth.container(wish.spec().limits()));
        UUID id = UuidCreator.getTimeOrderedEpoch();
        var target = new Operation.Target(
                TargetType.CONTAINER, id.toString(), wish.spec().name().value());
        Operation operation = operations.submit(
                new OperationRequest(OperationKind.CONTAINER_CREATE, target, tenant.id(), caller.userId(), Map.of()));
        containers.insert(id, tenant, admitted, wish.image().alias(), wish.desired());
        return operation;
    }

    /** @param desired null when the verb leaves it as it is */
    @Transactional(propagation = Propagation.MANDATORY)
    Operation verb(
            Caller caller,
            Address address,
            OperationKind kind,
            @Nullable DesiredState desired,
            Map<String, Object> arguments) {
        Container container = locked(address);
        if (!kind.isOperators()) {
            requireFree(container);
        }
        if (desired == DesiredState.RUNNING || kind == OperationKind.CONTAINER_THAW) {
            address.tenant().requireActive();
        }
        if (desired == DesiredState.RUNNING) {
            gate.admit(address.tenant(), container.spec());
        }
        if (desired != null) {
            containers.desire(container, desired);
        }
        return submit(caller, address.tenant(), container, kind, arguments);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Operation resize(Caller caller, Address address, UnaryOperator<Limits> change) {
        Container container = locked(address);
        requireFree(container);
        ContainerSpec resized = container.spec().with(change.apply(container.limits()));
        Trail.before(container.limits());
        Trail.after(resized.limits());
        containers.desire(address.tenant(), container, gate.admit(address.tenant(), resized));
        return submit(caller, address.tenant(), container, OperationKind.CONTAINER_RESIZE, Map.of());
    }

    /** What had not begun on it never will; deleting what is being deleted gives the operation that does it. */
    @Transactional(propagation = Propagation.MANDATORY)
    Operation delete(Caller caller, Address address) {
        Container container = containers.lock(address.tenant(), address.idOrName());
        checkMatch(container, address);
        requireFree(container);
        return operations
                .unfinished(OperationKind.CONTAINER_DELETE, container.id().toString())
                .orElseGet(() -> {
                    operations.cancelPending(container.target());
                    containers.desire(container, DesiredState.DELETED);
                    return submit(caller, address.tenant(), container, OperationKind.CONTAINER_DELETE, Map.of());
                });
    }

    /** One that nobody else changes until the transaction ends, that stays, and that no operator holds. */
    @Transactional(propagation = Propagation.MANDATORY)
    Container free(Address address) {
        Container container = locked(address);
        requireFree(container);
        return container;
    }

    private Container locked(Address address) {
        Container container = containers.lock(address.tenant(), address.idOrName());
        if (container.desiredState() == DesiredState.DELETED) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "container '" + container.name() + "' is being deleted; make another one");
        }
        checkMatch(container, address);
        return container;
    }

    /** Not even an operator changes or deletes what is kept as it was: release comes first. */
    private void requireFree(Container container) {
        if (operations
                .unfinished(OperationKind.CONTAINER_QUARANTINE, container.id().toString())
                .isPresent()) {
            throw new ProblemException(
                    ProblemKind.QUARANTINED,
                    "container '" + container.name()
                            + "' is being put into quarantine; contact the platform's operator, who alone can release it");
        }
        Quarantine quarantine = container.quarantine();
        if (quarantine != null) {
            throw new ProblemException(
                    ProblemKind.QUARANTINED,
                    "container '" + container.name() + "' is in quarantine: " + quarantine.reason()
                            + "; contact the platform's operator, who alone can release it");
        }
    }

    private static void checkMatch(Container container, Address address) {
        String ifMatch = address.ifMatch();
        if (ifMatch != null && !ifMatch.equals("*") && !ifMatch.equals(container.etag())) {
            throw new ProblemException(
                    ProblemKind.PRECONDITION_FAILED,
                    "container '" + container.name() + "' has changed since (ETag " + container.etag()
                            + " now); read it again");
        }
    }

    private Operation submit(
            Caller caller, Tenant tenant, Container container, OperationKind kind, Map<String, Object> arguments) {
        return operations.submit(
                new OperationRequest(kind, container.target(), tenant.id(), caller.userId(), arguments));
    }
}
