// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.QuarantineStatus;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The table of snapshots. A row comes in the transaction that accepts one, so that it counts from then on, and goes when the node has
 * deleted it.
 */
@Component
class Snapshots {
    /** Fewer than a node keeps of a container: its operator's quarantines find room. */
    static final int MOST = 100;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Snapshots(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Reserves one; the container is locked.
     *
     * @param name null for one that says the time
     * @param cadence null when somebody asked for it
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Snapshot reserve(
            Container container, @Nullable SnapshotName name, @Nullable Cadence cadence, @Nullable UUID requestedBy) {
        long present = jdbc.sql("select count(*) from snapshots where container_id = :container")
                .param("container", container.id())
                .query(Long.class)
                .single();
        if (present >= MOST) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "container '" + container.name() + "' has " + present + " snapshots, " + MOST
                            + " at most; delete some first");
        }
        SnapshotId id = SnapshotId.at(clock.instant(), random);
        String prefix = cadence == null ? "snap" : cadence.prefix();
        SnapshotName named = name == null ? SnapshotName.at(prefix, id.takenAt()) : name;
        boolean isNew = jdbc.sql("""
                        insert into snapshots (id, container_id, name, cadence, requested_by)
                        values (:id, :container, :name, :cadence, :user)
                        on conflict (container_id, name) do nothing
                        """)
                        .param("id", id.value())
                        .param("container", container.id())
                        .param("name", named.value())
                        .param("cadence", cadence == null ? null : cadence.name())
                        .param("user", requestedBy)
                        .update()
                == 1;
        if (!isNew) {
            throw ProblemException.taken("snapshot", named.value());
        }
        return get(container, named.value());
    }

    /** @param idOrName what stands in the path */
    Snapshot get(Container container, String idOrName) {
        return jdbc.sql("select * from snapshots where container_id = :container and (name = :it or id::text = :it)")
                .param("container", container.id())
                .param("it", idOrName)
                .query(Snapshots::snapshot)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("snapshot", idOrName));
    }

    /** One that is there and stays. */
    Snapshot getKept(Container container, String idOrName) {
        Snapshot found = get(container, idOrName);
        if (found.state() != Snapshot.State.KEPT) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "snapshot '" + found.name() + "' is being "
                            + (found.state() == Snapshot.State.TAKING ? "taken" : "deleted") + "; wait for that");
        }
        return found;
    }

    /** Oldest first. */
    List<Snapshot> list(Container container) {
        return jdbc.sql("select * from snapshots where container_id = :container order by id")
                .param("container", container.id())
                .query(Snapshots::snapshot)
                .list();
    }

    /** What a schedule has taken beyond those that it keeps, oldest first. */
    List<Snapshot> surplus(UUID container, Cadence cadence) {
        return jdbc.sql("""
                        select * from snapshots
                        where container_id = :container and cadence = :cadence and taken_at is not null and not deleting
                        order by id desc
                        offset (select keep from snapshot_schedules
                                where container_id = :container and cadence = :cadence)
                        """)
                .param("container", container)
                .param("cadence", cadence.name())
                .query(Snapshots::snapshot)
                .list()
                .reversed();
    }

    Optional<Snapshot> find(UUID container, UUID id) {
        return jdbc.sql("select * from snapshots where container_id = :container and id = :id")
                .param("container", container)
                .param("id", id)
                .query(Snapshots::snapshot)
                .optional();
    }

    void markTaken(UUID container, UUID id) {
        jdbc.sql("""
                        update snapshots set taken_at = now()
                        where container_id = :container and id = :id and taken_at is null
                        """).param("container", container).param("id", id).update();
    }

    void markDeleting(UUID container, UUID id, boolean deleting) {
        jdbc.sql("update snapshots set deleting = :deleting where container_id = :container and id = :id")
                .param("container", container)
                .param("deleting", deleting)
                .param("id", id)
                .update();
    }

    void remove(UUID container, UUID id) {
        jdbc.sql("delete from snapshots where container_id = :container and id = :id")
                .param("container", container)
                .param("id", id)
                .update();
    }

    /** The container is gone, and what it had with it. */
    void removeAll(UUID container) {
        jdbc.sql("delete from snapshots where container_id = :container")
                .param("container", container)
                .update();
        jdbc.sql("delete from snapshot_schedules where container_id = :container")
                .param("container", container)
                .update();
    }

    /** A node's root takes and deletes snapshots as well: what the node says it has is brought in here. */
    @Transactional
    public void bringIn(ContainerId container, Collection<SnapshotStatus> present) {
        present.forEach(snapshot -> bringIn(container, snapshot.id(), snapshot.name()));
        jdbc.sql("""
                        delete from snapshots
                        where container_id = :container and taken_at < now() - interval '1 minute' and not (id = any(:present))
                        """)
                .param("container", container.value())
                .param(
                        "present",
                        present.stream().map(snapshot -> snapshot.id().value()).toArray(UUID[]::new))
                .update();
    }

    /** What was kept when a container was cut off. */
    void bringInEvidence(ContainerId container, QuarantineStatus quarantine) {
        SnapshotId id = quarantine.snapshot();
        if (id != null) {
            bringIn(container, id, SnapshotName.at("quarantine", id.takenAt()));
        }
    }

    private void bringIn(ContainerId container, SnapshotId id, SnapshotName name) {
        jdbc.sql("""
                        insert into snapshots (id, container_id, name, created_at, taken_at)
                        select :id, c.id, :name, :at, :at from containers c
                        where c.id = :container and c.deleted_at is null
                        on conflict do nothing
                        """)
                .param("id", id.value())
                .param("container", container.value())
                .param("name", name.value())
                .param("at", id.takenAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    private static Snapshot snapshot(ResultSet row, int number) throws SQLException {
        OffsetDateTime taken = row.getObject("taken_at", OffsetDateTime.class);
        String cadence = row.getString("cadence");
        return new Snapshot(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getBoolean("deleting")
                        ? Snapshot.State.DELETING
                        : taken == null ? Snapshot.State.TAKING : Snapshot.State.KEPT,
                cadence == null ? null : Cadence.valueOf(cadence),
                taken == null ? null : taken.toInstant());
    }
}
