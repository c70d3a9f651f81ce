// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.node.VirtualPatch.OnNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of virtual patches: what is wanted, and what has been told to this node. */
@Component
class VirtualPatches {
    private final JdbcClient jdbc;
    private final LocalNode node;

    VirtualPatches(JdbcClient jdbc, LocalNode node) {
        this.jdbc = jdbc;
        this.node = node;
    }

    /**
     * One that is there stays as old as it is, and has the new reason.
     *
     * @return whether it was not there
     */
    boolean add(String call, String reason, UUID by) {
        return jdbc.sql("""
                        insert into virtual_patches (id, call, reason, added_by) values (:id, :call, :reason, :by)
                        on conflict (call) where removed_at is null do update set reason = excluded.reason
                        returning xmax = 0
                        """)
                .param("id", UuidCreator.getTimeOrderedEpoch())
                .param("call", call)
                .param("reason", reason)
                .param("by", by)
                .query(Boolean.class)
                .single();
    }

    /** False when there was none. */
    boolean remove(String call, UUID by) {
        return jdbc.sql("""
                        update virtual_patches set removed_at = now(), removed_by = :by
                        where call = :call and removed_at is null
                        """).param("call", call).param("by", by).update() == 1;
    }

    Optional<VirtualPatch> find(String call) {
        return select("p.call = :it", call, 1).stream().findFirst();
    }

    /** One more than the limit where there is more. */
    List<VirtualPatch> list(String after, int limit) {
        return select("p.call > :it", after, limit + 1);
    }

    private List<VirtualPatch> select(String which, String it, int limit) {
        return jdbc.sql("""
                        select p.call, p.reason, p.added_at, u.name as added_by, o.applied_at, o.trouble
                        from virtual_patches p left join users u on u.id = p.added_by
                            left join virtual_patches_on_nodes o on o.call = p.call and o.node_id = :node
                        where p.removed_at is null and\s""" + which + " order by p.call limit :limit")
                .param("node", node.id())
                .param("it", it)
                .param("limit", limit)
                .query(this::patch)
                .list();
    }

    private VirtualPatch patch(ResultSet row, int number) throws SQLException {
        OffsetDateTime applied = row.getObject("applied_at", OffsetDateTime.class);
        return new VirtualPatch(
                row.getString("call"),
                row.getString("reason"),
                row.getString("added_by"),
                row.getObject("added_at", OffsetDateTime.class).toInstant(),
                VirtualPatch.EFFECT,
                List.of(new OnNode(
                        node.name(), applied == null ? null : applied.toInstant(), row.getString("trouble"))));
    }

    /** Whether the node is still to be told something. */
    boolean isBehind() {
        return jdbc.sql("""
                        select exists (select from virtual_patches p where p.removed_at is null and not exists (
                                select from virtual_patches_on_nodes o where o.call = p.call and o.node_id = :node))
                            or exists (select from virtual_patches_on_nodes o where o.node_id = :node and not exists (
                                select from virtual_patches p where p.call = o.call and p.removed_at is null))
                        """).param("node", node.id()).query(Boolean.class).single();
    }

    /** Until the transaction ends, nobody else tells this node what it is to deny. */
    void lockNode() {
        jdbc.sql("select id from nodes where id = :node for update")
                .param("node", node.id())
                .query(UUID.class)
                .single();
    }

    List<String> wanted() {
        return jdbc.sql("select call from virtual_patches where removed_at is null order by id")
                .query((row, number) -> row.getString("call"))
                .list();
    }

    /** What this node was told and is no longer wanted. */
    List<String> unwanted() {
        return jdbc.sql("""
                        select call from virtual_patches_on_nodes o where node_id = :node and not exists (
                            select from virtual_patches p where p.call = o.call and p.removed_at is null)
                        """)
                .param("node", node.id())
                .query((row, number) -> row.getString("call"))
                .list();
    }

    /** Exactly one of the two is null. */
    void told(String call, @Nullable Instant appliedAt, @Nullable String trouble) {
        jdbc.sql("""
                        insert into virtual_patches_on_nodes (node_id, call, applied_at, trouble)
                        values (:node, :call, :applied, :trouble)
                        on conflict (node_id, call) do update set applied_at = excluded.applied_at, trouble = excluded.trouble
                        """)
                .param("node", node.id())
                .param("call", call)
                .param("applied", appliedAt == null ? null : appliedAt.atOffset(ZoneOffset.UTC))
                .param("trouble", trouble)
                .update();
    }

    void takenAway(String call) {
        jdbc.sql("delete from virtual_patches_on_nodes where node_id = :node and call = :call")
                .param("node", node.id())
                .param("call", call)
                .update();
    }
}
