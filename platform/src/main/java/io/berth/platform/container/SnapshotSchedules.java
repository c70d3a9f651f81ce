// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table of schedules. One that is due becomes an operation in the transaction that says when it is due next, so none is lost or done
 * twice whichever replica dies; what was missed while none ran is taken once.
 */
@Component
class SnapshotSchedules {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSchedules.class);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final TransactionTemplate transaction;
    private final Containers containers;
    private final Snapshots snapshots;
    private final Operations operations;
    private final ContainerOwners owners;

    SnapshotSchedules(
            JdbcClient jdbc,
            Clock clock,
            TransactionTemplate transaction,
            Containers containers,
            Snapshots snapshots,
            Operations operations,
            ContainerOwners owners) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = transaction;
        this.containers = containers;
        this.snapshots = snapshots;
        this.operations = operations;
        this.owners = owners;
    }

    List<SnapshotSchedule> list(Container container) {
        return jdbc.sql("select * from snapshot_schedules where container_id = :container order by cadence")
                .param("container", container.id())
                .query(SnapshotSchedules::schedule)
                .list();
    }

    SnapshotSchedule put(Container container, Cadence cadence, int keep) {
        return jdbc.sql("""
                        insert into snapshot_schedules (container_id, cadence, keep, next_at)
                        values (:container, :cadence, :keep, :next)
                        on conflict (container_id, cadence) do update set keep = excluded.keep
                        returning *
                        """)
                .param("container", container.id())
                .param("cadence", cadence.name())
                .param("keep", keep)
                .param("next", cadence.next(container.id(), clock.instant()).atOffset(ZoneOffset.UTC))
                .query(SnapshotSchedules::schedule)
                .single();
    }

    /** What it has taken stays. */
    void remove(Container container, Cadence cadence) {
        jdbc.sql("delete from snapshot_schedules where container_id = :container and cadence = :cadence")
                .param("container", container.id())
                .param("cadence", cadence.name())
                .update();
    }

    @Scheduled(fixedRateString = "PT30S")
    void takeDue() {
        while (Boolean.TRUE.equals(transaction.execute(status -> takeOne()))) {
            LOG.debug("one schedule done");
        }
    }

    private record Due(UUID container, Cadence cadence) {}

    /** @return whether there was one */
    private boolean takeOne() {
        Instant now = clock.instant();
        List<Due> due = jdbc.sql("""
                        select container_id, cadence from snapshot_schedules where next_at <= :now
                        order by next_at limit 1 for update skip locked
                        """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((row, number) ->
                        new Due(row.getObject("container_id", UUID.class), Cadence.valueOf(row.getString("cadence"))))
                .list();
        due.forEach(it -> {
            jdbc.sql(
                            "update snapshot_schedules set next_at = :next where container_id = :container and cadence = :cadence")
                    .param("next", it.cadence().next(it.container(), now).atOffset(ZoneOffset.UTC))
                    .param("container", it.container())
                    .param("cadence", it.cadence().name())
                    .update();
            containers.find(it.container()).filter(this::isFit).ifPresent(container -> take(container, it.cadence()));
        });
        return !due.isEmpty();
    }

    /** What is cut off is left as it is, and what the node doesn't have has no files. */
    private boolean isFit(Container container) {
        return container.desiredState() != DesiredState.DELETED
                && container.quarantine() == null
                && container.state() != null
                && container.state() != ObservedState.MISSING
                && operations
                        .unfinished(
                                OperationKind.SNAPSHOT_CREATE, container.id().toString())
                        .isEmpty();
    }

    private void take(Container container, Cadence cadence) {
        try {
            submit(container, snapshots.reserve(container, null, cadence, null));
        } catch (ProblemException e) { // it has enough of them, or its tenant of operations
            LOG.warn(
                    "scheduled snapshot not taken container={} cadence={}: {}",
                    container.id(),
                    cadence,
                    e.getMessage());
        }
    }

    private void submit(Container container, Snapshot reserved) {
        try {
            operations.submit(new OperationRequest(
                    OperationKind.SNAPSHOT_CREATE,
                    container.target(),
                    owners.tenantOf(container.id()),
                    null,
                    Map.of(ContainerOperations.SNAPSHOT, reserved.id().toString())));
        } catch (ProblemException e) {
            snapshots.remove(container.id(), reserved.id());
            throw e;
        }
    }

    private static SnapshotSchedule schedule(ResultSet row, int number) throws SQLException {
        return new SnapshotSchedule(
                Cadence.valueOf(row.getString("cadence")),
                row.getInt("keep"),
                row.getObject("next_at", OffsetDateTime.class).toInstant());
    }
}
