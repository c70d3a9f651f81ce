// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.spec.ContainerId;
import io.berth.platform.node.LocalNode;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Containers that the node has and the platform does not know. They are somebody's data: reported, never touched. */
@Component
class Strays {
    private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

    private final JdbcClient jdbc;
    private final LocalNode node;

    Strays(JdbcClient jdbc, LocalNode node) {
        this.jdbc = jdbc;
        this.node = node;
    }

    void note(ContainerStatus status) {
        boolean isNew = jdbc.sql("""
                        insert into stray_containers (node_id, id, name, tenant, state)
                        values (:node, :id, :name, :tenant, :state)
                        on conflict (node_id, id) do update set state = excluded.state
                        returning xmax = 0
                        """)
                .param("node", node.id())
                .param("id", status.id().value())
                .param("name", status.spec().name().value())
                .param("tenant", status.spec().tenant().value())
                .param("state", status.state().name())
                .query(Boolean.class)
                .single();
        if (isNew) {
            LOG.warn(
                    "node has a container that is not known here, leaving it alone container={} name={} tenant={}",
                    status.id(),
                    status.spec().name(),
                    status.spec().tenant());
        }
    }

    void forget(ContainerId id) {
        jdbc.sql("delete from stray_containers where node_id = :node and id = :id")
                .param("node", node.id())
                .param("id", id.value())
                .update();
    }

    void forgetExcept(Collection<ContainerId> present) {
        jdbc.sql("delete from stray_containers where node_id = :node and not (id = any(:present))")
                .param("node", node.id())
                .param("present", Observations.uuids(present))
                .update();
    }
}
