// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.SnapshotName;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.operation.TargetType;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Accepts what tenants want of snapshots, and copies; as {@link ContainerVerbs} does. */
@Component
class SnapshotVerbs {
    private final ContainerVerbs verbs;
    private final SpecGate gate;
    private final Containers containers;
    private final Snapshots snapshots;
    private final Operations operations;

    SnapshotVerbs(
            ContainerVerbs verbs, SpecGate gate, Containers containers, Snapshots snapshots, Operations operations) {
        this.verbs = verbs;
        this.gate = gate;
        this.containers = containers;
        this.snapshots = snapshots;
        this.operations = operations;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Operation take(Caller caller, ContainerVerbs.Address address, @Nullable SnapshotName name) {
        Container container = verbs.free(address);
        Snapshot reserved = snapshots.reserve(container, name, null, caller.userId());
        return submit(caller, address.tenant(), container, OperationKind.SNAPSHOT_CREATE, reserved);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Operation restore(Caller caller, ContainerVerbs.Address address, String snapshot) {
        Container container = verbs.free(address);
        gate.admit(address.tenant(), container.spec());
        Snapshot kept = snapshots.getKept(container, snapshot);
        return submit(caller, address.tenant(), container, OperationKind.SNAPSHOT_RESTORE, kept);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Operation delete(Caller caller, ContainerVerbs.Address address, String snapshot) {
        Container container = verbs.free(address);
        Snapshot kept = snapshots.getKept(container, snapshot);
        if (kept.isEvidence() && !caller.actsAsOperator()) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN,
                    "snapshot '" + kept.name()
                            + "' is evidence of a quarantine; ask the platform's operator to delete it");
        }
        snapshots.markDeleting(container.id(), kept.id(), true);
        return submit(caller, address.tenant(), container, OperationKind.SNAPSHOT_DELETE, kept);
    }

    /**
     * A container that is to begin with another's files.
     *
     * @param snapshot null for the files as they are then
     * @param limits over the source's
     * @param network null for the source's
     */
    record Wish(
            ContainerName name,
            @Nullable String snapshot,
            UnaryOperator<Limits> limits,
            @Nullable NetworkMode network,
            DesiredState desired) {}

    @Transactional(propagation = Propagation.MANDATORY)
    Operation copy(Caller caller, ContainerVerbs.Address address, Wish wish) {
        address.tenant().requireActive();
        Container source = verbs.free(address);
        ContainerSpec original = source.spec();
        AdmittedSpec admitted = gate.admit(
                address.tenant(),
                new ContainerSpec(
                        wish.name(),
                        original.tenant(),
                        original.image(),
                        wish.limits().apply(original.limits()),
                        wish.network() == null ? original.network() : wish.network()));
        Map<String, Object> arguments = new HashMap<>();
        arguments.put(ContainerOperations.SOURCE, source.id().toString());
        if (wish.snapshot() != null) {
            UUID kept = snapshots.getKept(source, wish.snapshot()).id();
            arguments.put(ContainerOperations.SNAPSHOT, kept.toString());
        }
        String alias = source.imageAlias() == null ? source.image() : source.imageAlias();
        UUID id = UuidCreator.getTimeOrderedEpoch();
        var target = new Operation.Target(
                TargetType.CONTAINER, id.toString(), wish.name().value());
        Operation operation = operations.submit(new OperationRequest(
                OperationKind.CONTAINER_COPY, target, address.tenant().id(), caller.userId(), arguments));
        containers.insert(id, address.tenant(), admitted, alias, wish.desired());
        return operation;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Operation rename(Caller caller, ContainerVerbs.Address address, ContainerName name) {
        Container container = verbs.free(address);
        if (container.desiredState() != DesiredState.STOPPED) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "container '" + container.name() + "' runs, and its name is its host name; stop it first");
        }
        AdmittedSpec admitted = gate.admit(address.tenant(), container.spec().with(name));
        containers.rename(container, admitted.spec().name());
        return operations.submit(new OperationRequest(
                OperationKind.CONTAINER_RENAME,
                containers.find(container.id()).orElseThrow().target(),
                address.tenant().id(),
                caller.userId(),
                Map.of(ContainerOperations.OLD_NAME, container.name())));
    }

    private Operation submit(Caller caller, Tenant tenant, Container container, OperationKind kind, Snapshot snapshot) {
        return operations.submit(new OperationRequest(
                kind,
                container.target(),
                tenant.id(),
                caller.userId(),
                Map.of(ContainerOperations.SNAPSHOT, snapshot.id().toString())));
    }
}
