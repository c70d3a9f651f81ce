// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.QuarantineReason;
import io.berth.core.spec.SnapshotId;
import io.berth.platform.operation.OperationHandler;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Has the node do what was accepted. Every verb of the node is idempotent, so an attempt begins from the beginning. */
@Component
class ContainerOperations implements OperationHandler {
    /** The argument of stop and restart. */
    static final String GRACE_SECONDS = "graceSeconds";

    /** The argument of quarantine. */
    static final String REASON = "reason";

    /** The argument of what is about a snapshot. */
    static final String SNAPSHOT = "snapshot";

    /** The argument of a copy. */
    static final String SOURCE = "source";

    /** The argument of a rename. */
    static final String OLD_NAME = "oldName";

    static final int DEFAULT_GRACE_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(ContainerOperations.class);

    private final Agent agent;
    private final Containers containers;
    private final ContainerOwners owners;
    private final Snapshots snapshots;
    private final VolumeMounts mounts;
    private final Ports ports;
    private final Observations observations;
    private final Suspensions suspensions;
    private final Operations operations;

    ContainerOperations(
            Agent agent,
            Containers containers,
            ContainerOwners owners,
            Snapshots snapshots,
            VolumeMounts mounts,
            Ports ports,
            Observations observations,
            Suspensions suspensions,
            Operations operations) {
        this.agent = agent;
        this.containers = containers;
        this.owners = owners;
        this.snapshots = snapshots;
        this.mounts = mounts;
        this.ports = ports;
        this.observations = observations;
        this.suspensions = suspensions;
        this.operations = operations;
    }

    @Override
    public Set<OperationKind> kinds() {
        EnumSet<OperationKind> kinds = EnumSet.allOf(OperationKind.class);
        kinds.remove(OperationKind.IMAGE_BUILD);
        kinds.remove(OperationKind.SNAPSHOT_CREATE);
        kinds.remove(OperationKind.SNAPSHOT_RESTORE);
        kinds.remove(OperationKind.SNAPSHOT_DELETE);
        kinds.removeAll(SuspensionOperations.KINDS);
        kinds.removeAll(NetworkOperations.KINDS);
        kinds.remove(OperationKind.CONTAINER_THROTTLE);
        kinds.removeAll(VolumeOperations.KINDS);
        return kinds;
    }

    @Override
    public void run(Work work) {
        UUID uuid = UUID.fromString(work.target().id());
        Optional<Container> container = containers.find(uuid);
        if (container.isEmpty()) {
            return; // deleted meanwhile
        }
        ContainerId id = container.get().containerId();
        switch (work.kind()) {
            case CONTAINER_CREATE ->
                make(container.get(), new Request.Create(id, container.get().spec()));
            case CONTAINER_COPY -> make(container.get(), copy(container.get(), work));
            case CONTAINER_RENAME ->
                observe(new Request.Rename(id, container.get().spec().name()));
            case CONTAINER_START -> start(id);
            case CONTAINER_STOP -> observe(new Request.Stop(id, grace(work)));
            case CONTAINER_RESTART -> {
                suspensions.requireFree(uuid);
                observe(new Request.Restart(id, grace(work)));
            }
            case CONTAINER_FREEZE -> observe(new Request.Freeze(id));
            case CONTAINER_THAW -> {
                suspensions.requireFree(uuid);
                observe(new Request.Thaw(id));
            }
            case CONTAINER_RESIZE ->
                observe(new Request.Resize(id, container.get().limitsNow()));
            case CONTAINER_QUARANTINE -> observe(new Request.Quarantine(id, reason(work)));
            case CONTAINER_RELEASE -> observe(new Request.Release(id));
            case CONTAINER_DELETE -> delete(id);
            case CONTAINER_SUSPEND,
                    CONTAINER_RESUME,
                    CONTAINER_THROTTLE,
                    CONTAINER_VOLUMES,
                    CONTAINER_NETWORK,
                    SNAPSHOT_CREATE,
                    SNAPSHOT_RESTORE,
                    SNAPSHOT_DELETE,
                    VOLUME_CREATE,
                    VOLUME_RESIZE,
                    VOLUME_DELETE,
                    IMAGE_BUILD -> throw new IllegalStateException(work.kind() + " is another handler's");
        }
        containers.setLastError(uuid, null);
    }

    private static Request copy(Container container, Work work) {
        Object snapshot = work.arguments().get(SNAPSHOT);
        return new Request.Copy(
                container.containerId(),
                container.spec(),
                ContainerId.of(String.valueOf(work.arguments().get(SOURCE))),
                snapshot == null ? null : SnapshotId.of(snapshot.toString()));
    }

    private void make(Container container, Request request) {
        observe(request);
        boolean shouldRun = containers
                .find(container.id())
                .map(Container::desiredState)
                .filter(DesiredState.RUNNING::equals)
                .isPresent();
        if (shouldRun && !suspensions.isHeld(container.id())) {
            observe(new Request.Start(container.containerId()));
        }
    }

    private void start(ContainerId id) {
        suspensions.requireFree(id.value());
        observe(new Request.Start(id));
    }

    private void observe(Request request) {
        ContainerStatus status = agent.container(request);
        observations.write(status);
    }

    private void delete(ContainerId id) {
        containers.endHoldingUids(id.value());
        agent.delete(id);
        snapshots.removeAll(id.value());
        mounts.removeAll(id.value());
        ports.removeAll(id.value());
        containers.markDeleted(id.value());
    }

    private static QuarantineReason reason(Work work) {
        return new QuarantineReason(String.valueOf(work.arguments().get(REASON)));
    }

    private static int grace(Work work) {
        return work.arguments().get(GRACE_SECONDS) instanceof Integer seconds ? seconds : DEFAULT_GRACE_SECONDS;
    }

    @Override
    public void failed(Work work, String reason) {
        UUID id = UUID.fromString(work.target().id());
        if (work.kind() == OperationKind.CONTAINER_CREATE || work.kind() == OperationKind.CONTAINER_COPY) {
            clearAway(work, new ContainerId(id));
        } else {
            if (work.kind() == OperationKind.CONTAINER_RENAME) {
                takeBackName(id, work);
            }
            containers.setLastError(id, reason);
            lookAgain(new ContainerId(id));
        }
    }

    /** Unless another container has it by now: then the new one stays, and {@code lastError} says that the node has the old. */
    private void takeBackName(UUID id, Work work) {
        ContainerName old = new ContainerName(String.valueOf(work.arguments().get(OLD_NAME)));
        containers
                .find(id)
                .filter(container -> containers.isFree(id, old))
                .ifPresent(container -> containers.rename(container, old));
    }

    /** Nothing half-made stays, and the name is free again: now, or as soon as the node answers. */
    private void clearAway(Work work, ContainerId id) {
        try {
            delete(id);
        } catch (RuntimeException e) {
            LOG.warn("half-made container is deleted later container={}: {}", id, e.getMessage());
            containers.find(id.value()).ifPresent(container -> containers.desire(container, DesiredState.DELETED));
            operations.submit(new OperationRequest(
                    OperationKind.CONTAINER_DELETE, work.target(), owners.tenantOf(id.value()), null, Map.of()));
        }
    }

    /** What was desired did not come about: what the node says counts again. */
    private void lookAgain(ContainerId id) {
        try {
            observations.write(agent.container(new Request.Inspect(id)));
        } catch (RuntimeException e) {
            LOG.debug("not inspected; the watch tells", e);
        }
    }
}
