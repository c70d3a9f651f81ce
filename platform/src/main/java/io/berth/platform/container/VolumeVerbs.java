// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.MountPath;
import io.berth.core.spec.VolumeSpec;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.trail.Trail;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Accepts what tenants want of volumes; as {@link ContainerVerbs} does. */
@Component
class VolumeVerbs {
    private final ContainerVerbs verbs;
    private final SpecGate gate;
    private final Containers containers;
    private final Volumes volumes;
    private final VolumeMounts mounts;
    private final Operations operations;

    VolumeVerbs(
            ContainerVerbs verbs,
            SpecGate gate,
            Containers containers,
            Volumes volumes,
            VolumeMounts mounts,
            Operations operations) {
        this.verbs = verbs;
        this.gate = gate;
        this.containers = containers;
        this.volumes = volumes;
        this.mounts = mounts;
        this.operations = operations;
    }

    /**
     * Which volume, as a request names it.
     *
     * @param ifMatch the ETag that it must still have, null for any
     */
    record Address(Tenant tenant, String idOrName, @Nullable String ifMatch) {}

    @Transactional(propagation = Propagation.MANDATORY)
    Operation create(Caller caller, Tenant tenant, VolumeSpec spec) {
        tenant.requireActive();
        Volume volume = volumes.insert(tenant, spec);
        return submit(caller, tenant, OperationKind.VOLUME_CREATE, volume.target(), Map.of());
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Operation resize(Caller caller, Address address, long diskBytes) {
        Volume volume = kept(address);
        Trail.before(Map.of("diskBytes", volume.diskBytes()));
        Trail.after(Map.of("diskBytes", diskBytes));
        volumes.resize(address.tenant(), volume, diskBytes);
        Map<String, Object> arguments = Map.of(VolumeOperations.BYTES, diskBytes);
        return submit(caller, address.tenant(), OperationKind.VOLUME_RESIZE, volume.target(), arguments);
    }

    /** Deleting what is being deleted gives the operation that does it. */
    @Transactional(propagation = Propagation.MANDATORY)
    Operation delete(Caller caller, Address address) {
        Volume volume = volumes.lock(address.tenant(), address.idOrName());
        Optional<Operation> present =
                operations.unfinished(OperationKind.VOLUME_DELETE, volume.id().toString());
        if (present.isPresent()) {
            return present.get();
        }
        Volume kept = kept(address);
        if (!kept.containers().isEmpty()) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "volume '" + kept.name() + "' is attached to container '"
                            + kept.containers().getFirst().name() + "'"
                            + (kept.containers().size() > 1
                                    ? " and " + (kept.containers().size() - 1) + " more"
                                    : "")
                            + "; detach it first");
        }
        volumes.setState(kept.id(), Volume.State.DELETING);
        return submit(caller, address.tenant(), OperationKind.VOLUME_DELETE, kept.target(), Map.of());
    }

    /** Attaching what is attached changes how. */
    @Transactional(propagation = Propagation.MANDATORY)
    Operation attach(Caller caller, ContainerVerbs.Address address, String idOrName, MountPath path, boolean readOnly) {
        Tenant tenant = address.tenant();
        tenant.requireActive();
        Container container = verbs.free(address);
        Volume volume = kept(new Address(tenant, idOrName, null));
        if (!volume.node().equals(container.node())) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "volume '" + volume.name() + "' is on node '" + volume.node() + "' and container '"
                            + container.name() + "' on node '" + container.node()
                            + "'; a volume is for containers of its own node");
        }
        Map<String, Object> arguments = arguments(container, volume);
        arguments.put(VolumeOperations.PATH, path.value());
        arguments.put(VolumeOperations.READ_ONLY, readOnly);
        mounts.attach(container.id(), volume.id(), path.value(), readOnly);
        admit(tenant, container);
        return submit(caller, tenant, OperationKind.CONTAINER_VOLUMES, container.target(), arguments);
    }

    /** What two paths can't be together is about the new one. */
    private void admit(Tenant tenant, Container container) {
        try {
            gate.admit(tenant, containers.find(container.id()).orElseThrow().spec());
        } catch (InvalidSpecException e) {
            throw e.field().equals("volumes") ? ProblemException.field("path", String.valueOf(e.getMessage())) : e;
        }
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Operation detach(Caller caller, ContainerVerbs.Address address, String idOrName) {
        Container container = verbs.free(address);
        Volume volume = volumes.lock(address.tenant(), idOrName);
        if (mounts.find(container.id(), volume.id()).isEmpty()) {
            throw new ProblemException(
                    ProblemKind.NOT_FOUND,
                    "container '" + container.name() + "' does not have volume '" + volume.name() + "'");
        }
        Map<String, Object> arguments = arguments(container, volume);
        mounts.detach(container.id(), volume.id(), true);
        return submit(caller, address.tenant(), OperationKind.CONTAINER_VOLUMES, container.target(), arguments);
    }

    /** How the container has it now, for when the node says no. */
    private Map<String, Object> arguments(Container container, Volume volume) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put(VolumeOperations.VOLUME, volume.id().toString());
        mounts.find(container.id(), volume.id())
                .filter(present -> !present.detaching())
                .ifPresent(present -> {
                    arguments.put(VolumeOperations.OLD_PATH, present.path());
                    arguments.put(VolumeOperations.OLD_READ_ONLY, present.readOnly());
                });
        return arguments;
    }

    /** One that is there and stays, and that nobody else changes until the transaction ends. */
    private Volume kept(Address address) {
        Volume volume = volumes.lock(address.tenant(), address.idOrName());
        if (volume.state() != Volume.State.READY) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "volume '" + volume.name() + "' is being "
                            + (volume.state() == Volume.State.CREATING ? "made" : "deleted") + "; wait for that");
        }
        String ifMatch = address.ifMatch();
        if (ifMatch != null && !ifMatch.equals("*") && !ifMatch.equals(volume.etag())) {
            throw new ProblemException(
                    ProblemKind.PRECONDITION_FAILED,
                    "volume '" + volume.name() + "' has changed since (ETag " + volume.etag() + " now); read it again");
        }
        return volume;
    }

    private Operation submit(
            Caller caller, Tenant tenant, OperationKind kind, Operation.Target target, Map<String, Object> arguments) {
        return operations.submit(new OperationRequest(kind, target, tenant.id(), caller.userId(), arguments));
    }
}
