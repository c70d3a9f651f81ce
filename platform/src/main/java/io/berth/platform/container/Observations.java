// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.QuarantineStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.SnapshotId;
import io.berth.platform.node.LocalNode;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes what the node reports. While no operation is under way, the node also has the last word on what is desired: a container
 * that powered itself off is meant to be off.
 */
@Component
class Observations {
    private static final String UNFINISHED = """
            exists (select from operations o where o.target_type = 'CONTAINER' and o.target_id = c.id::text
                and o.state in ('PENDING', 'RUNNING'))
            """;

    private final JdbcClient jdbc;
    private final LocalNode node;
    private final Snapshots snapshots;
    private final VolumeMounts mounts;
    private final TransactionTemplate transaction;

    Observations(
            JdbcClient jdbc,
            LocalNode node,
            Snapshots snapshots,
            VolumeMounts mounts,
            TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.snapshots = snapshots;
        this.mounts = mounts;
        this.node = node;
        this.transaction = transaction;
    }

    /**
     * Writes what the node answered a moment ago. False when the platform knows no such container.
     *
     * @throws ProblemException when its uids are another container's
     */
    boolean write(ContainerStatus status) {
        return reconcile(status, UnaryOperator.identity());
    }

    /**
     * Writes what an event says. It may be older than the end of an operation that it belongs to: where it would change what is
     * desired, or the state that was written last, the node is asked again, while nobody can change the container.
     *
     * @param asked what the node says now
     */
    boolean reconcile(ContainerStatus event, UnaryOperator<ContainerStatus> asked) {
        try {
            return isWritten(event)
                    || Boolean.TRUE.equals(transaction.execute(
                            status -> isLocked(event.id()) && update(isNews(event) ? asked.apply(event) : event)));
        } catch (DataIntegrityViolationException e) {
            throw new ProblemException(
                    ProblemKind.NODE_FAILED,
                    "container " + event.id() + " has uids from " + event.uidBase()
                            + " that another container of the node has, or had until a moment ago; stop both and tell the platform's operator");
        }
    }

    /** An operation writes what the node answers it, and then the node tells everybody the same: the second time there is nothing to do. */
    private boolean isWritten(ContainerStatus status) {
        if (status.quarantine() != null) {
            return false; // brings in its evidence
        }
        Instant startedAt = status.startedAt();
        Limits limits = status.spec().limits();
        return jdbc.sql("""
                        select exists (select from containers where id = :id and node_id = :node and deleted_at is null
                            and observed_at > now() - interval '5 seconds' and quarantine_reason is null
                            and (observed_state, desired_state, uid_base, observed_milli_cpus, addresses)
                                = (:state, :desired, :uids, :cpus, cast(:addresses as text[]))
                            and (memory_bytes, coalesce(throttled_milli_cpus, milli_cpus), pids, disk_bytes)
                                = (:memory, :cpus, :pids, :disk)
                            and (throttled_milli_cpus is null or throttled_milli_cpus <> milli_cpus)
                            and started_at is not distinct from cast(:started as timestamptz)
                            and last_exit is not distinct from cast(:exit as text)
                            and array(select m.volume_id || ' ' || m.path || ' ' || m.read_only
                                from volume_mounts m where m.container_id = :id order by m.volume_id) = cast(:volumes as text[]))
                        """)
                .param("id", status.id().value())
                .param("node", node.id())
                .param("state", ObservedState.of(status.state()).name())
                .param("desired", desired(status))
                .param("uids", status.uidBase())
                .param("addresses", status.addresses().toArray(String[]::new))
                .param("memory", limits.memoryBytes())
                .param("cpus", limits.milliCpus())
                .param("pids", limits.pids())
                .param("disk", limits.diskBytes())
                .param("started", startedAt == null ? null : startedAt.atOffset(ZoneOffset.UTC))
                .param("exit", status.lastExit())
                .param("volumes", VolumeMounts.texts(status.spec().volumes()))
                .query(Boolean.class)
                .single();
    }

    private boolean isNews(ContainerStatus status) {
        return jdbc.sql("""
                        select count(*) from containers c where id = :id and (
                            (observed_state is not null and observed_state <> :state)
                            or (not (desired_state = 'DELETED' or UNFINISHED)
                                and (desired_state, memory_bytes, coalesce(throttled_milli_cpus, milli_cpus), pids, disk_bytes,
                                        array(select m.volume_id || ' ' || m.path || ' ' || m.read_only
                                            from volume_mounts m where m.container_id = c.id order by m.volume_id))
                                    is distinct from (:desired, :memory, :cpus, :pids, :disk, cast(:volumes as text[]))))
                        """.replace("UNFINISHED", UNFINISHED))
                        .param("state", ObservedState.of(status.state()).name())
                        .param("desired", desired(status))
                        .param("memory", status.spec().limits().memoryBytes())
                        .param("cpus", status.spec().limits().milliCpus())
                        .param("pids", status.spec().limits().pids())
                        .param("disk", status.spec().limits().diskBytes())
                        .param("volumes", VolumeMounts.texts(status.spec().volumes()))
                        .param("id", status.id().value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    private static String desired(ContainerStatus status) {
        return (status.shouldRun() ? DesiredState.RUNNING : DesiredState.STOPPED).name();
    }

    /** A statement of its own, so that the next one sees operations that were accepted while this one waited. */
    private boolean isLocked(ContainerId id) {
        return jdbc.sql(
                        "select id from containers where id = :id and node_id = :node and deleted_at is null for update")
                .param("id", id.value())
                .param("node", node.id())
                .query(UUID.class)
                .optional()
                .isPresent();
    }

    private boolean update(ContainerStatus status) {
        Instant startedAt = status.startedAt();
        QuarantineStatus quarantine = status.quarantine();
        if (quarantine != null) {
            snapshots.bringInEvidence(status.id(), quarantine);
        }
        Optional<Boolean> isBusy = jdbc.sql("""
                        update containers c set
                            observed_state = :state, observed_at = now(), uid_base = :uids, addresses = :addresses,
                            uids_held = case when uid_base = :uids then uids_held else tstzrange(now(), null) end,
                            started_at = :started, last_exit = :exit,
                            quarantine_reason = :reason, quarantined_at = :since,
                            quarantine_snapshot = :snapshot, quarantine_trouble = :trouble,
                            memory_bytes = case when w.busy then memory_bytes else :memory end,
                            milli_cpus = case when w.busy or throttled_milli_cpus is not null then milli_cpus else :cpus end,
                            pids = case when w.busy then pids else :pids end,
                            disk_bytes = case when w.busy then disk_bytes else :disk end,
                            observed_milli_cpus = :cpus,
                            throttled_milli_cpus = case when throttled_milli_cpus = milli_cpus and milli_cpus = :cpus then null
                                else throttled_milli_cpus end,
                            desired_state = case when w.busy then desired_state else :desired end,
                            generation = generation
                                + case when w.busy or desired_state = :desired then 0 else 1 end
                        from (select c.id, c.desired_state = 'DELETED' or UNFINISHED as busy
                              from containers c where c.id = :id) w
                        where c.id = w.id
                        returning w.busy
                        """.replace("UNFINISHED", UNFINISHED))
                .param("state", ObservedState.of(status.state()).name())
                .param("uids", status.uidBase())
                .param("addresses", status.addresses().toArray(String[]::new))
                .param("started", startedAt == null ? null : startedAt.atOffset(ZoneOffset.UTC))
                .param("exit", status.lastExit())
                .param("reason", quarantine == null ? null : quarantine.reason().value())
                .param("since", quarantine == null ? null : quarantine.since().atOffset(ZoneOffset.UTC))
                .param("snapshot", snapshot(quarantine))
                .param("trouble", quarantine == null ? null : quarantine.trouble())
                .param("memory", status.spec().limits().memoryBytes())
                .param("cpus", status.spec().limits().milliCpus())
                .param("pids", status.spec().limits().pids())
                .param("disk", status.spec().limits().diskBytes())
                .param("desired", desired(status))
                .param("id", status.id().value())
                .query(Boolean.class)
                .optional();
        isBusy.filter(busy -> !busy)
                .ifPresent(_ -> mounts.bring(status.id().value(), status.spec().volumes()));
        return isBusy.isPresent();
    }

    private static @Nullable UUID snapshot(@Nullable QuarantineStatus quarantine) {
        SnapshotId snapshot = quarantine == null ? null : quarantine.snapshot();
        return snapshot == null ? null : snapshot.value();
    }

    /** The node does not have it; while an operation is under way that may be as it should. */
    void missing(ContainerId id) {
        jdbc.sql("update containers c set observed_state = 'MISSING', observed_at = now() where id = :id "
                        + "and deleted_at is null and observed_state is not null and not " + UNFINISHED)
                .param("id", id.value())
                .update();
    }

    void missingExcept(Collection<ContainerId> present) {
        jdbc.sql("update containers c set observed_state = 'MISSING', observed_at = now() where node_id = :node "
                        + "and deleted_at is null and observed_state is not null and not (id = any(:present)) and not "
                        + UNFINISHED)
                .param("node", node.id())
                .param("present", uuids(present))
                .update();
    }

    static UUID[] uuids(Collection<ContainerId> ids) {
        return ids.stream().map(ContainerId::value).toArray(UUID[]::new);
    }
}
