// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentException;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
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
import org.springframework.transaction.support.TransactionTemplate;

/** Has the node make, change and delete volumes, and give them to containers. */
@Component
class VolumeOperations implements OperationHandler {
    static final Set<OperationKind> KINDS = EnumSet.of(
            OperationKind.VOLUME_CREATE,
            OperationKind.VOLUME_RESIZE,
            OperationKind.VOLUME_DELETE,
            OperationKind.CONTAINER_VOLUMES);

    /** The argument of a resize. */
    static final String BYTES = "bytes";

    /** Which volume a container is to have, or have no more. */
    static final String VOLUME = "volume";

    /** How it is to have it; none when it is to have it no more. */
    static final String PATH = "path";

    static final String READ_ONLY = "readOnly";

    /** How it had it; none when it did not. */
    static final String OLD_PATH = "oldPath";

    static final String OLD_READ_ONLY = "oldReadOnly";
    private static final Logger LOG = LoggerFactory.getLogger(VolumeOperations.class);

    private final Agent agent;
    private final Containers containers;
    private final Volumes volumes;
    private final VolumeMounts mounts;
    private final Observations observations;
    private final Operations operations;
    private final TransactionTemplate transaction;

    VolumeOperations(
            Agent agent,
            Containers containers,
            Volumes volumes,
            VolumeMounts mounts,
            Observations observations,
            Operations operations,
            TransactionTemplate transaction) {
        this.agent = agent;
        this.containers = containers;
        this.volumes = volumes;
        this.mounts = mounts;
        this.observations = observations;
        this.operations = operations;
        this.transaction = transaction;
    }

    @Override
    public Set<OperationKind> kinds() {
        return KINDS;
    }

    @Override
    public void run(Work work) {
        UUID id = UUID.fromString(work.target().id());
        if (work.kind() == OperationKind.CONTAINER_VOLUMES) {
            containers.find(id).ifPresent(this::give);
            return;
        }
        Optional<Volume> found = volumes.find(id);
        if (found.isEmpty()) {
            return; // deleted meanwhile
        }
        Volume volume = found.get();
        switch (work.kind()) {
            case VOLUME_CREATE -> {
                agent.volume(new Request.CreateVolume(volume.volumeId(), volume.spec()));
                volumes.setState(id, Volume.State.READY);
            }
            case VOLUME_RESIZE -> {
                agent.volume(new Request.ResizeVolume(volume.volumeId(), volume.diskBytes()));
                volumes.hold(id, volume.diskBytes());
            }
            case VOLUME_DELETE -> {
                agent.done(new Request.DeleteVolume(volume.volumeId()));
                volumes.remove(id);
            }
            default -> throw new IllegalStateException(work.kind() + " is not about a volume");
        }
        volumes.setLastError(id, null);
    }

    /** All that it is to have by now: asked again, the node changes nothing. */
    private void give(Container container) {
        List<VolumeMount> wanted = container.spec().volumes();
        observations.write(agent.container(new Request.ChangeVolumes(container.containerId(), wanted)));
        transaction.executeWithoutResult(status -> mounts.settle(container.id(), wanted));
        containers.setLastError(container.id(), null);
    }

    @Override
    public void failed(Work work, String reason) {
        UUID id = UUID.fromString(work.target().id());
        switch (work.kind()) {
            case VOLUME_CREATE -> clearAway(id, work);
            case VOLUME_RESIZE -> {
                if (work.arguments().get(BYTES) instanceof Number asked) {
                    volumes.takeBackSize(id, asked.longValue());
                }
                volumes.setLastError(id, reason);
            }
            case VOLUME_DELETE -> {
                volumes.setState(id, Volume.State.READY);
                volumes.setLastError(id, reason);
            }
            case CONTAINER_VOLUMES -> {
                takeBack(id, work);
                containers.setLastError(id, reason);
                lookAgain(new ContainerId(id));
            }
            default -> throw new IllegalStateException(work.kind() + " is not about a volume");
        }
    }

    /** Nothing half-made stays, and the name and the room are free again: now, or as soon as the node answers. */
    private void clearAway(UUID id, Work work) {
        try {
            agent.done(new Request.DeleteVolume(new VolumeId(id)));
            volumes.remove(id);
        } catch (AgentException e) {
            LOG.warn("event=half-made-volume-deleted-later volume={} error=\"{}\"", id, e.getMessage());
            volumes.setState(id, Volume.State.DELETING);
            volumes.tenantOf(id)
                    .ifPresent(tenant -> operations.submit(
                            new OperationRequest(OperationKind.VOLUME_DELETE, work.target(), tenant, null, Map.of())));
        }
    }

    /** The container has that volume as it did before, unless somebody has wished for something else since. */
    private void takeBack(UUID container, Work work) {
        UUID volume = UUID.fromString(String.valueOf(work.arguments().get(VOLUME)));
        Optional<VolumeMounts.Present> present = mounts.find(container, volume);
        if (present.filter(it -> isWished(it, work)).isEmpty()) {
            return;
        }
        if (work.arguments().get(OLD_PATH) instanceof String path) {
            mounts.attach(
                    container,
                    volume,
                    path,
                    Boolean.TRUE.equals(work.arguments().get(OLD_READ_ONLY)));
        } else {
            mounts.remove(container, volume);
        }
    }

    private static boolean isWished(VolumeMounts.Present present, Work work) {
        return work.arguments().get(PATH) instanceof String path
                ? present.equals(new VolumeMounts.Present(
                        path, Boolean.TRUE.equals(work.arguments().get(READ_ONLY)), false))
                : present.detaching();
    }

    /** What the node says counts again. */
    private void lookAgain(ContainerId id) {
        try {
            observations.write(agent.container(new Request.Inspect(id)));
        } catch (AgentException e) {
            LOG.debug("not inspected; the watch tells", e);
        }
    }
}
