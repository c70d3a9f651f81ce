// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.ContainerId;
import io.berth.platform.node.LocalNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of drifts: what differs now, and what did. */
@Component
class Drifts {
    /** A tenant can make drift come and go: its history is bounded per container. */
    private static final int MOST_ENDED = 500;

    private static final String SELECT = """
            select d.*, c.name, t.name as tenant
            from drifts d join containers c on c.id = d.container_id join tenants t on t.id = c.tenant_id
            """;

    private final JdbcClient jdbc;
    private final LocalNode node;

    Drifts(JdbcClient jdbc, LocalNode node) {
        this.jdbc = jdbc;
        this.node = node;
    }

    /** Which are meant; null for all. */
    record Filter(
            @Nullable UUID container,
            boolean onlyOpen,
            @Nullable UUID before) {}

    /** Writes what a container's drift is now; what was open and is not among it has ended. */
    @Transactional
    public void note(Reply.Drift drift) {
        OffsetDateTime seenAt = drift.seenAt().atOffset(ZoneOffset.UTC);
        String[] present = drift.lines().stream().map(PassportLine::item).toArray(String[]::new);
        int ended = jdbc.sql("""
                        update drifts set ended_at = :at
                        where container_id = :container and ended_at is null and not (item = any(:present))
                        """)
                .param("at", seenAt)
                .param("container", drift.id().value())
                .param("present", present)
                .update();
        drift.lines().forEach(line -> open(drift.id(), line, seenAt));
        if (ended > 0) {
            forgetOld(drift.id());
        }
    }

    private void open(ContainerId container, PassportLine line, OffsetDateTime seenAt) {
        jdbc.sql("""
                        insert into drifts (id, container_id, item, found, expected, reason, first_seen_at)
                        select :id, c.id, :item, :found, :expected, :reason, :at
                        from containers c where c.id = :container and c.node_id = :node and c.deleted_at is null
                        on conflict (container_id, item) where ended_at is null
                        do update set found = excluded.found, expected = excluded.expected, reason = excluded.reason
                        """)
                .param("id", UuidCreator.getTimeOrderedEpoch())
                .param("item", line.item())
                .param("found", line.found())
                .param("expected", line.expected())
                .param("reason", line.reason())
                .param("at", seenAt)
                .param("container", container.value())
                .param("node", node.id())
                .update();
    }

    private void forgetOld(ContainerId container) {
        jdbc.sql("""
                        delete from drifts where id in (
                            select id from drifts where container_id = :container and ended_at is not null
                            order by id desc offset :most)
                        """)
                .param("container", container.value())
                .param("most", MOST_ENDED)
                .update();
    }

    /** The container is gone, and its drift with it. */
    void end(ContainerId container) {
        jdbc.sql("update drifts set ended_at = now() where container_id = :container and ended_at is null")
                .param("container", container.value())
                .update();
    }

    List<Drift> all(Collection<UUID> ids) {
        return jdbc.sql(SELECT + "where d.id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query(Drifts::drift)
                .list();
    }

    /** Newest first, one more than the limit where there is more. */
    List<Drift> list(Filter filter, int limit) {
        return jdbc.sql(SELECT + """
                        where (cast(:container as uuid) is null or d.container_id = :container)
                          and (not :open or d.ended_at is null)
                          and (cast(:before as uuid) is null or d.id < :before)
                        order by d.id desc limit :limit
                        """)
                .param("container", filter.container())
                .param("open", filter.onlyOpen())
                .param("before", filter.before())
                .param("limit", limit + 1)
                .query(Drifts::drift)
                .list();
    }

    private static Drift drift(ResultSet row, int number) throws SQLException {
        OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
        return new Drift(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getObject("container_id", UUID.class),
                row.getString("name"),
                row.getString("item"),
                row.getString("found"),
                row.getString("expected"),
                row.getString("reason"),
                row.getObject("first_seen_at", OffsetDateTime.class).toInstant(),
                ended == null ? null : ended.toInstant());
    }
}
