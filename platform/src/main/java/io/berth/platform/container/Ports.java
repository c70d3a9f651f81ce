// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishablePorts;
import io.berth.core.spec.PublishedPort;
import io.berth.platform.node.LocalNode;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.quota.Growth;
import io.berth.platform.quota.Quota;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The table of published ports. A row comes in the transaction that accepts one, and goes when the node has closed the port: until then
 * nobody else gets it.
 */
@Component
class Ports {
    private static final String SELECT =
            "select protocol, host_port, container_port, state, created_at from published_ports ";
    private static final String ITS = "container_id = :container and protocol = :protocol and host_port = :host";

    private final JdbcClient jdbc;
    private final LocalNode node;
    private final Quota quota;
    private final PublishablePorts publishable;

    Ports(JdbcClient jdbc, LocalNode node, Quota quota, PlatformSettings settings) {
        this.jdbc = jdbc;
        this.node = node;
        this.quota = quota;
        this.publishable = settings.publishablePorts();
    }

    /** Those that containers may have. */
    PublishablePorts publishable() {
        return publishable;
    }

    /** By protocol and number. */
    List<Port> list(UUID container) {
        return jdbc.sql(SELECT + "where container_id = :container order by protocol, host_port")
                .param("container", container)
                .query(Ports::port)
                .list();
    }

    Optional<Port> find(UUID container, String key) {
        return list(container).stream().filter(port -> port.key().equals(key)).findFirst();
    }

    /** Reserves a port for a container that is locked; empty when somebody has it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Port> reserve(Tenant tenant, Container container, PublishedPort wanted) {
        boolean isNew = jdbc.sql("""
                        insert into published_ports (node_id, protocol, host_port, container_id, tenant_id, container_port, state)
                        values (:node, :protocol, :host, :container, :tenant, :port, 'OPENING')
                        on conflict do nothing
                        """)
                        .param("node", node.id())
                        .param("protocol", wanted.protocol().name())
                        .param("host", wanted.hostPort())
                        .param("container", container.id())
                        .param("tenant", tenant.id())
                        .param("port", wanted.containerPort())
                        .update()
                == 1;
        if (!isNew) {
            return Optional.empty();
        }
        quota.admit(tenant.id(), Growth.PORT);
        touch(container.id());
        return list(container.id()).stream()
                .filter(port -> port.published().collidesWith(wanted))
                .findFirst();
    }

    /** Whose it is is told to whoever may see that container. */
    ProblemException taken(Tenant tenant, PublishedPort wanted) {
        String owner = jdbc.sql("""
                        select c.name from published_ports p join containers c on c.id = p.container_id
                        where p.node_id = :node and p.protocol = :protocol and p.host_port = :host and p.tenant_id = :tenant
                        """)
                .param("node", node.id())
                .param("protocol", wanted.protocol().name())
                .param("host", wanted.hostPort())
                .param("tenant", tenant.id())
                .query(String.class)
                .optional()
                .map(name -> "your container '" + name + "'")
                .orElse("somebody else's container");
        return new ProblemException(
                ProblemKind.CONFLICT,
                wanted.describe() + " leads to " + owner + "; choose another port, or none to be given one");
    }

    /** Any that is free, of a protocol: the next one's is not what the world still knows as the last one's. */
    Optional<Integer> free(Protocol protocol) {
        return jdbc.sql("""
                        select n from generate_series(:first, :last) n
                        where n <> all(:reserved) and not exists (
                            select from published_ports p where p.node_id = :node and p.protocol = :protocol and p.host_port = n)
                        order by random() limit 1
                        """)
                .param("first", publishable.first())
                .param("last", publishable.last())
                .param("reserved", publishable.reserved().toArray(Integer[]::new))
                .param("node", node.id())
                .param("protocol", protocol.name())
                .query(Integer.class)
                .optional();
    }

    Optional<UUID> tenantOf(UUID container, Port port) {
        return jdbc.sql("select tenant_id from published_ports where " + ITS)
                .param("container", container)
                .param("protocol", port.protocol().name())
                .param("host", port.hostPort())
                .query(UUID.class)
                .optional();
    }

    void mark(UUID container, Port port, Port.State state) {
        touch(container);
        jdbc.sql("update published_ports set state = :state where " + ITS)
                .param("state", state.name())
                .param("container", container)
                .param("protocol", port.protocol().name())
                .param("host", port.hostPort())
                .update();
    }

    void remove(UUID container, Port port) {
        touch(container);
        jdbc.sql("delete from published_ports where " + ITS)
                .param("container", container)
                .param("protocol", port.protocol().name())
                .param("host", port.hostPort())
                .update();
    }

    /** Its ETag is the container's. */
    private void touch(UUID container) {
        jdbc.sql("update containers set generation = generation + 1 where id = :id")
                .param("id", container)
                .update();
    }

    /** The container is gone, and what it had with it. */
    void removeAll(UUID container) {
        jdbc.sql("delete from published_ports where container_id = :container")
                .param("container", container)
                .update();
    }

    private static Port port(ResultSet row, int number) throws SQLException {
        return new Port(
                Protocol.valueOf(row.getString("protocol")),
                row.getInt("host_port"),
                row.getInt("container_port"),
                Port.State.valueOf(row.getString("state")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
