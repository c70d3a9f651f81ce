// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.operation.TargetType;
import io.berth.platform.tenant.TenantHeld;
import java.util.List;
import java.util.Map;
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
 * Gives containers of tenants whose budget is used up fewer processors, and all of them again afterwards. As with suspensions, what is there by the
 * node's word is compared with what is due. A container's own limits stay as they are, and so does what its tenant has reserved.
 */
@Component
class Throttles {
    private static final Logger LOG = LoggerFactory.getLogger(Throttles.class);

    /** A shell still answers, and what computes costs a quarter. */
    private static final int SHARE = 4;

    /** The least that a container can have; see spec.Limits. */
    private static final int LEAST_MILLI_CPUS = 10;

    private static final String OF = """
             (cast(:tenant as uuid) is null or c.tenant_id = :tenant or exists (
                select from tenants b where b.id = c.tenant_id and b.parent_id = :tenant))
            """;

    /** When the budget is free again its own processors are due; that mark goes when the node says that it has them. */
    private static final String MARK =
            """
            update containers c set throttled_milli_cpus = w.due, throttle_asked_at = null
            from (select o.id, greatest(LEAST, o.milli_cpus / SHARE) as due
                  from throttled_tenants t join containers o on o.tenant_id = t.tenant_id
                  where o.deleted_at is null and o.milli_cpus > LEAST
                  union all
                  select o.id, o.milli_cpus from containers o
                  where o.deleted_at is null and o.throttled_milli_cpus is not null
                    and not exists (select from throttled_tenants t where t.tenant_id = o.tenant_id)) w
            where c.id = w.id and c.throttled_milli_cpus is distinct from w.due and c.observed_state is not null and
            """.replace("LEAST", Integer.toString(LEAST_MILLI_CPUS)).replace("SHARE", Integer.toString(SHARE)) + OF;

    /** A node that refuses is asked again a minute later. What is in quarantine stays as it is until it is released. */
    private static final String ASK = """
            update containers c set throttle_asked_at = now()
            where c.throttled_milli_cpus is not null and c.observed_milli_cpus is distinct from c.throttled_milli_cpus
              and (c.throttle_asked_at is null or c.throttle_asked_at < now() - interval '1 minute')
              and c.deleted_at is null and c.desired_state <> 'DELETED' and c.quarantine_reason is null
              and not exists (select from operations o where o.target_type = 'CONTAINER' and o.target_id = c.id::text
                  and o.kind = 'CONTAINER_THROTTLE' and o.state in ('PENDING', 'RUNNING')) and
            """ + OF + " returning c.id, c.name, c.tenant_id";

    private final JdbcClient jdbc;
    private final Operations operations;
    private final TransactionTemplate transaction;

    Throttles(JdbcClient jdbc, Operations operations, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.operations = operations;
        this.transaction = transaction;
    }

    static int throttled(int milliCpus) {
        return Math.max(LEAST_MILLI_CPUS, milliCpus / SHARE);
    }

    private record Found(UUID id, String name, UUID tenant) {}

    /** In the transaction in which a budget was found to be used up, or no longer. */
    @EventListener
    void ordered(TenantHeld order) {
        bringAbout(order.id());
    }

    @Scheduled(fixedDelayString = "PT10S")
    void lookAgain() {
        try {
            transaction.executeWithoutResult(status -> bringAbout(null));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("budgets' throttles not looked at, trying again: {}", e.getMessage());
        }
    }

    /** @param tenant with those below it, null for all */
    private void bringAbout(@Nullable UUID tenant) {
        jdbc.sql(MARK).param("tenant", tenant).update();
        List<Found> due = jdbc.sql(ASK)
                .param("tenant", tenant)
                .query((row, number) -> new Found(
                        row.getObject("id", UUID.class), row.getString("name"), row.getObject("tenant_id", UUID.class)))
                .list();
        for (Found found : due) {
            var target = new Operation.Target(TargetType.CONTAINER, found.id().toString(), found.name());
            operations.submit(
                    new OperationRequest(OperationKind.CONTAINER_THROTTLE, target, found.tenant(), null, Map.of()));
        }
    }
}
