// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.operation.TargetType;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.tenant.Hold;
import io.berth.platform.tenant.TenantHeld;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings the containers of suspended tenants to rest, and has them go on afterwards. What is there is compared with what is ordered, in the ordering
 * transaction and again every few seconds: so what was being made just then, what a reboot of the node has started, and what was
 * released from quarantine meanwhile comes to rest, too.
 */
@Component
class Suspensions {
    private static final Logger LOG = LoggerFactory.getLogger(Suspensions.class);

    private static final String OF = "(cast(:tenant as uuid) is null or c.tenant_id = :tenant or exists ("
            + "select from tenants b where b.id = c.tenant_id and b.parent_id = :tenant))";

    private static final String NOT_ASKED = """
             and not exists (select from operations o where o.target_type = 'CONTAINER' and o.target_id = c.id::text
                and o.kind = :kind and o.state in ('PENDING', 'RUNNING'))
            """;

    /** Its tenant's freezer and quarantine have stopped it before: it stays as it is. */
    private static final String MARK = """
            update containers c set held = true from held_tenants h
            where h.tenant_id = c.tenant_id and not c.held and c.desired_state = 'RUNNING' and c.deleted_at is null
              and c.observed_state is distinct from 'FROZEN' and
            """ + OF;

    private static final String RUNNING = """
            select c.id, c.name, c.tenant_id from containers c join held_tenants h on h.tenant_id = c.tenant_id
            where c.deleted_at is null and c.desired_state <> 'DELETED' and c.quarantine_reason is null
              and (c.observed_state = 'RUNNING' or c.observed_state = 'FROZEN' and c.held and h.hold = 'STOP') and
            """ + OF + NOT_ASKED + " order by c.id";

    private static final String HELD = """
            select c.id, c.name, c.tenant_id from containers c
            where c.held and c.deleted_at is null and c.desired_state <> 'DELETED'
              and not exists (select from held_tenants h where h.tenant_id = c.tenant_id) and
            """ + OF + NOT_ASKED + " order by c.id";

    private final JdbcClient jdbc;
    private final Operations operations;
    private final TransactionTemplate transaction;

    Suspensions(JdbcClient jdbc, Operations operations, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.operations = operations;
        this.transaction = transaction;
    }

    private record Found(UUID id, String name, UUID tenant) {}

    /** In the ordering transaction. */
    @EventListener
    void ordered(TenantHeld order) {
        bringAbout(order.id());
    }

    @Scheduled(fixedDelayString = "PT10S")
    void lookAgain() {
        try {
            transaction.executeWithoutResult(status -> bringAbout(null));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("suspended tenants not looked at, trying again: {}", e.getMessage());
        }
    }

    /** @param tenant with those below it, null for all */
    private void bringAbout(@Nullable UUID tenant) {
        jdbc.sql(MARK).param("tenant", tenant).update();
        for (Found running : found(RUNNING, tenant, OperationKind.CONTAINER_SUSPEND)) {
            submit(running, OperationKind.CONTAINER_SUSPEND);
        }
        for (Found held : found(HELD, tenant, OperationKind.CONTAINER_RESUME)) {
            jdbc.sql("""
                            update containers set desired_state = 'RUNNING', generation = generation + 1
                            where id = :id and desired_state = 'STOPPED'
                            """).param("id", held.id()).update();
            submit(held, OperationKind.CONTAINER_RESUME);
        }
    }

    private List<Found> found(String query, @Nullable UUID tenant, OperationKind kind) {
        return jdbc.sql(query)
                .param("tenant", tenant)
                .param("kind", kind.name())
                .query(Suspensions::found)
                .list();
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        return new Found(
                row.getObject("id", UUID.class), row.getString("name"), row.getObject("tenant_id", UUID.class));
    }

    private void submit(Found container, OperationKind kind) {
        var target = new Operation.Target(TargetType.CONTAINER, container.id().toString(), container.name());
        operations.submit(new OperationRequest(kind, target, container.tenant(), null, Map.of()));
    }

    /** What is ordered for it; empty for nothing. */
    Optional<Hold> hold(UUID container) {
        return jdbc.sql("""
                        select h.hold from containers c join held_tenants h on h.tenant_id = c.tenant_id where c.id = :id
                        """)
                .param("id", container)
                .query((row, number) -> Hold.valueOf(row.getString("hold")))
                .optional();
    }

    /** Whether it may not run now; if it was to, it does so afterwards. */
    boolean isHeld(UUID container) {
        if (hold(container).isEmpty()) {
            return false;
        }
        jdbc.sql("update containers set held = true where id = :id and desired_state = 'RUNNING' and not held")
                .param("id", container)
                .update();
        return true;
    }

    /** @throws ProblemException when it may not run now: what was accepted before its tenant was suspended comes too late */
    void requireFree(UUID container) {
        if (isHeld(container)) {
            throw new ProblemException(
                    ProblemKind.TENANT_SUSPENDED, "its tenant has been suspended; ask the platform's operator");
        }
    }

    boolean isMarked(UUID container) {
        return jdbc.sql("select held from containers where id = :id")
                .param("id", container)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** It goes on, or nobody can help it to. */
    void unmark(UUID container) {
        jdbc.sql("update containers set held = false where id = :id and held")
                .param("id", container)
                .update();
    }
}
