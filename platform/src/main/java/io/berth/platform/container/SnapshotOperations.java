// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationHandler;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.problem.ProblemException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Has the node take, delete and restore snapshots. */
@Component
class SnapshotOperations implements OperationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotOperations.class);

    private final Agent agent;
    private final Containers containers;
    private final ContainerOwners owners;
    private final Snapshots snapshots;
    private final Observations observations;
    private final Operations operations;
    private final TransactionTemplate transaction;

    SnapshotOperations(
            Agent agent,
            Containers containers,
            ContainerOwners owners,
            Snapshots snapshots,
            Observations observations,
            Operations operations,
            TransactionTemplate transaction) {
        this.agent = agent;
        this.containers = containers;
        this.owners = owners;
        this.snapshots = snapshots;
        this.observations = observations;
        this.operations = operations;
        this.transaction = transaction;
    }

    @Override
    public Set<OperationKind> kinds() {
        return EnumSet.of(OperationKind.SNAPSHOT_CREATE, OperationKind.SNAPSHOT_DELETE, OperationKind.SNAPSHOT_RESTORE);
    }

    @Override
    public void run(Work work) {
        UUID container = UUID.fromString(work.target().id());
        Optional<Snapshot> snapshot = snapshots.find(container, snapshot(work));
        if (containers.find(container).isEmpty() || snapshot.isEmpty()) {
            return; // deleted meanwhile
        }
        ContainerId id = new ContainerId(container);
        var kept = new SnapshotId(snapshot.get().id());
        switch (work.kind()) {
            case SNAPSHOT_CREATE -> {
                agent.done(new Request.TakeSnapshot(
                        id, kept, new SnapshotName(snapshot.get().name())));
                transaction.executeWithoutResult(status -> taken(work, snapshot.get()));
            }
            case SNAPSHOT_DELETE -> {
                agent.done(new Request.DeleteSnapshot(id, kept));
                snapshots.remove(container, kept.value());
            }
            case SNAPSHOT_RESTORE -> observations.write(agent.container(new Request.Restore(id, kept)));
            default -> throw new IllegalStateException(work.kind() + " is not about a snapshot");
        }
        containers.setLastError(container, null);
    }

    /** Old ones go only once a newer one is there. */
    private void taken(Work work, Snapshot snapshot) {
        UUID container = UUID.fromString(work.target().id());
        snapshots.markTaken(container, snapshot.id());
        Cadence cadence = snapshot.cadence();
        if (cadence != null) {
            snapshots.surplus(container, cadence).forEach(old -> deleteLater(work.target(), old));
        }
    }

    private void deleteLater(Operation.Target target, Snapshot old) {
        UUID container = UUID.fromString(target.id());
        try {
            operations.submit(new OperationRequest(
                    OperationKind.SNAPSHOT_DELETE,
                    target,
                    owners.tenantOf(container),
                    null,
                    Map.of(ContainerOperations.SNAPSHOT, old.id().toString())));
            snapshots.markDeleting(container, old.id(), true);
        } catch (ProblemException e) { // its tenant has too much under way: the next snapshot's turn
            LOG.warn("old snapshot not deleted container={} snapshot={}: {}", container, old.id(), e.getMessage());
        }
    }

    private static UUID snapshot(Work work) {
        return UUID.fromString(String.valueOf(work.arguments().get(ContainerOperations.SNAPSHOT)));
    }

    @Override
    public void failed(Work work, String reason) {
        UUID container = UUID.fromString(work.target().id());
        UUID snapshot = snapshot(work);
        switch (work.kind()) {
            case SNAPSHOT_CREATE -> snapshots.remove(container, snapshot);
            case SNAPSHOT_DELETE -> snapshots.markDeleting(container, snapshot, false);
            default -> {} // it stays
        }
        containers.setLastError(container, reason);
    }
}
