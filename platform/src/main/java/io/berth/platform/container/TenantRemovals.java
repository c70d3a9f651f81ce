// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.operation.TargetType;
import io.berth.platform.tenant.TenantDue;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes the containers of a tenant whose time is over, some at a time. What is in quarantine is evidence: it stays, and its tenant with it. */
@Component
class TenantRemovals {
    private static final int AT_A_TIME = 50; // far below what a tenant may have unfinished

    private final JdbcClient jdbc;
    private final Operations operations;

    TenantRemovals(JdbcClient jdbc, Operations operations) {
        this.jdbc = jdbc;
        this.operations = operations;
    }

    @EventListener
    void remove(TenantDue due) {
        jdbc.sql("""
                        update containers set desired_state = 'DELETED', generation = generation + 1
                        where id in (
                            select c.id from containers c
                            where c.tenant_id = :tenant and c.deleted_at is null and c.desired_state <> 'DELETED'
                              and c.quarantine_reason is null and not exists (
                                select from operations o where o.target_type = 'CONTAINER' and o.target_id = c.id::text
                                  and o.kind = 'CONTAINER_QUARANTINE' and o.state in ('PENDING', 'RUNNING'))
                              and (select count(*) from operations o
                                where o.tenant_id = :tenant and o.state in ('PENDING', 'RUNNING')) < :most
                            order by c.id limit :most for update of c)
                        returning id, name
                        """)
                .param("tenant", due.id())
                .param("most", AT_A_TIME)
                .query((row, number) ->
                        new Operation.Target(TargetType.CONTAINER, row.getString("id"), row.getString("name")))
                .list()
                .forEach(target -> submit(due.id(), target));
    }

    private void submit(UUID tenant, Operation.Target target) {
        operations.cancelPending(target);
        operations.submit(new OperationRequest(OperationKind.CONTAINER_DELETE, target, tenant, null, Map.of()));
    }
}
