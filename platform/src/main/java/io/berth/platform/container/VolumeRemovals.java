// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationKind;
import io.berth.platform.operation.OperationRequest;
import io.berth.platform.operation.Operations;
import io.berth.platform.operation.TargetType;
import io.berth.platform.tenant.TenantDue;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes the volumes of a tenant whose time is over, once no container has them; some at a time. */
@Component
class VolumeRemovals {
    private static final int AT_A_TIME = 50; // far below what a tenant may have unfinished

    private final JdbcClient jdbc;
    private final Operations operations;

    VolumeRemovals(JdbcClient jdbc, Operations operations) {
        this.jdbc = jdbc;
        this.operations = operations;
    }

    @EventListener
    void remove(TenantDue due) {
        jdbc.sql("""
                        update volumes set state = 'DELETING', generation = generation + 1
                        where id in (
                            select v.id from volumes v
                            where v.tenant_id = :tenant and v.state = 'READY'
                              and not exists (select from volume_mounts m where m.volume_id = v.id)
                              and (select count(*) from operations o
                                where o.tenant_id = :tenant and o.state in ('PENDING', 'RUNNING')) < :most
                            order by v.id limit :most for update of v)
                        returning id, name
                        """)
                .param("tenant", due.id())
                .param("most", AT_A_TIME)
                .query((row, number) ->
                        new Operation.Target(TargetType.VOLUME, row.getString("id"), row.getString("name")))
                .list()
                .forEach(target -> operations.submit(
                        new OperationRequest(OperationKind.VOLUME_DELETE, target, due.id(), null, Map.of())));
    }
}
