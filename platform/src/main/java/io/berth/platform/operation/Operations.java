// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.paging.Orders;
import io.berth.platform.paging.Place;
import io.berth.platform.problem.ProblemException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The table of operations as those who ask for work see it. */
@Component
public class Operations {
    /** More unfinished work than this is no tenant's need, but a program gone wrong: what a node does in minutes at the best. */
    private static final int MOST_UNFINISHED_PER_TENANT = 2000;

    private final JdbcClient jdbc;
    private final OperationRows rows;
    private final Doorbell doorbell;
    private final JsonMapper json;

    Operations(JdbcClient jdbc, OperationRows rows, Doorbell doorbell, JsonMapper json) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.doorbell = doorbell;
        this.json = json;
    }

    /** Puts work into the queue, in the transaction that changes what is desired. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Operation submit(OperationRequest request) {
        if (!request.kind().isOperators()) {
            refuseFlood(request.tenantId());
        }
        UUID id = UuidCreator.getTimeOrderedEpoch();
        Operation submitted = jdbc.sql("""
                        insert into operations as o
                            (id, kind, target_type, target_id, target_name, tenant_id, requested_by, arguments)
                        values (:id, :kind, :type, :target, :name, :tenant, :user, cast(:arguments as jsonb))
                        returning o.*, (select t.name from tenants t where t.id = o.tenant_id) as tenant
                        """)
                .param("id", id)
                .param("kind", request.kind().name())
                .param("type", request.target().type().name())
                .param("target", request.target().id())
                .param("name", request.target().name())
                .param("tenant", request.tenantId())
                .param("user", request.requestedBy())
                .param("arguments", json.writeValueAsString(request.arguments()))
                .query(rows)
                .single();
        doorbell.submitted(request.kind());
        return submitted;
    }

    private void refuseFlood(@Nullable UUID tenantId) {
        if (tenantId == null) {
            return;
        }
        long unfinished =
                jdbc.sql("""
                        select count(*) from operations where tenant_id = :tenant and state in ('PENDING', 'RUNNING')
                        """).param("tenant", tenantId).query(Long.class).single();
        if (unfinished >= MOST_UNFINISHED_PER_TENANT) {
            throw ProblemException.tooMany(
                    unfinished + " operations of this tenant are unfinished; wait for some to end",
                    Duration.ofSeconds(5));
        }
    }

    /** What has not begun on this target never will. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void cancelPending(Operation.Target target) {
        jdbc.sql("""
                        update operations set state = 'CANCELLED', finished_at = now(), lease_until = null
                        where target_type = :type and target_id = :target and state = 'PENDING'
                        returning id
                        """)
                .param("type", target.type().name())
                .param("target", target.id())
                .query(UUID.class)
                .list()
                .forEach(doorbell::finished);
    }

    /** The unfinished operation of this kind on the target, if there is one. */
    public Optional<Operation> unfinished(OperationKind kind, String targetId) {
        return jdbc.sql(
                        OperationRows.SELECT
                                + "where o.kind = :kind and o.target_id = :target and o.state in ('PENDING', 'RUNNING') limit 1")
                .param("kind", kind.name())
                .param("target", targetId)
                .query(rows)
                .optional();
    }

    /** 202 with the place where its progress is to be seen. */
    public static ResponseEntity<Operation> accepted(Operation operation) {
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/operations/" + operation.id()))
                .body(operation);
    }

    Operation get(UUID id) {
        return find(id).orElseThrow(() -> ProblemException.notFound("operation", id.toString()));
    }

    Optional<Operation> find(UUID id) {
        return jdbc.sql(OperationRows.SELECT + "where o.id = :id")
                .param("id", id)
                .query(rows)
                .optional();
    }

    List<Operation> all(Collection<UUID> ids) {
        return jdbc.sql(OperationRows.SELECT + "where o.id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query(rows)
                .list();
    }

    /** Their ids are ordered by time. */
    static final Orders<Operation> ORDERS = new Orders<>(
            "-createdAt",
            "o.id",
            Operation::id,
            List.of(new Orders.Order<>("createdAt", "o.id", Orders.Kind.ID, Operation::id)));

    /** Which somebody wants to see; null for any. */
    record Filter(
            @Nullable UUID tenant,
            @Nullable OperationState state,
            @Nullable OperationKind kind,
            @Nullable String target) {}

    List<Operation> list(Filter filter, Place<Operation> place, int limit) {
        OperationState state = filter.state();
        OperationKind kind = filter.kind();
        String conditions = "where true"
                + (filter.tenant() == null ? "" : " and o.tenant_id = :tenant")
                + (state == null ? "" : " and o.state = :state")
                + (kind == null ? "" : " and o.kind = :kind")
                + (filter.target() == null ? "" : " and o.target_id = :target");
        return place.bind(jdbc.sql(OperationRows.SELECT + conditions + place.sql()), limit)
                .param("tenant", filter.tenant())
                .param("state", state == null ? null : state.name())
                .param("kind", kind == null ? null : kind.name())
                .param("target", filter.target())
                .query(rows)
                .list();
    }

    @Scheduled(fixedRateString = "PT1H")
    void forgetOld() {
        jdbc.sql("delete from operations where finished_at < now() - interval '30 days'")
                .update();
    }
}
