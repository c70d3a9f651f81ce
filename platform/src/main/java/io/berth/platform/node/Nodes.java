// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.protocol.HostFigures;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of nodes. */
@Component
class Nodes {
    private final JdbcClient jdbc;
    private final LocalNode local;
    private final HostLooks looks;

    Nodes(JdbcClient jdbc, LocalNode local, HostLooks looks) {
        this.jdbc = jdbc;
        this.local = local;
        this.looks = looks;
    }

    /** Whether a node's agent answers. */
    enum State {
        UP,
        DOWN
    }

    /**
     * One node.
     *
     * @param capacity what its host has, null until the node has told it
     * @param containers how many it has, and what was promised to them
     * @param strays containers that it has and the platform does not know; they are left alone
     */
    record Node(
            String name,
            State state,
            @Nullable Instant lastSeenAt,
            @Nullable HostFigures capacity,
            Load containers,
            List<Stray> strays) {}

    /**
     * A node's containers.
     *
     * @param total all that exist
     * @param memoryBytes the sum of the limits of those that run
     * @param milliCpus the same of processor time
     */
    record Load(int total, int running, long memoryBytes, long milliCpus) {}

    record Stray(UUID id, String name, String tenant, String state, Instant firstSeenAt) {}

    void seen(boolean up) {
        jdbc.sql("""
                        update nodes set state = :state, last_seen_at = case when :up then now() else last_seen_at end
                        where id = :id
                        """)
                .param("state", (up ? State.UP : State.DOWN).name())
                .param("up", up)
                .param("id", local.id())
                .update();
    }

    List<Node> list() {
        return jdbc.sql("select * from nodes order by name").query(this::node).list();
    }

    Optional<Node> find(String name) {
        return jdbc.sql("select * from nodes where name = :name")
                .param("name", name)
                .query(this::node)
                .optional();
    }

    /** By their ids. */
    Map<String, Object> all(Collection<UUID> ids) {
        Map<String, Object> found = new HashMap<>();
        jdbc.sql("select * from nodes where id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query((row, number) -> found.put(row.getString("id"), node(row, number)))
                .list();
        return found;
    }

    private Node node(ResultSet row, int number) throws SQLException {
        OffsetDateTime seen = row.getObject("last_seen_at", OffsetDateTime.class);
        return new Node(
                row.getString("name"),
                State.valueOf(row.getString("state")),
                seen == null ? null : seen.toInstant(),
                row.getObject("id", UUID.class).equals(local.id())
                        ? looks.figures().orElse(null)
                        : null,
                load(row.getObject("id", UUID.class)),
                strays(row.getObject("id", UUID.class)));
    }

    private Load load(UUID node) {
        return jdbc.sql("""
                        select count(*) as total, count(*) filter (where observed_state = 'RUNNING') as running,
                            coalesce(sum(memory_bytes) filter (where observed_state = 'RUNNING'), 0) as memory,
                            coalesce(sum(milli_cpus) filter (where observed_state = 'RUNNING'), 0) as cpus
                        from containers where node_id = :node and deleted_at is null
                        """)
                .param("node", node)
                .query((row, number) -> new Load(
                        row.getInt("total"), row.getInt("running"), row.getLong("memory"), row.getLong("cpus")))
                .single();
    }

    private List<Stray> strays(UUID node) {
        return jdbc.sql("select * from stray_containers where node_id = :node order by id limit 1000")
                .param("node", node)
                .query((row, number) -> new Stray(
                        row.getObject("id", UUID.class),
                        row.getString("name"),
                        row.getString("tenant"),
                        row.getString("state"),
                        row.getObject("first_seen_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
