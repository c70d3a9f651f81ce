// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.node.LocalNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of grants: who excepted which container from which rule, until when, and whether the node knows. */
@Component
class Grants {
    private final JdbcClient jdbc;
    private final LocalNode node;
    private final Clock clock;

    Grants(JdbcClient jdbc, LocalNode node, Clock clock) {
        this.jdbc = jdbc;
        this.node = node;
        this.clock = clock;
    }

    /** What one is about. */
    record Subject(UUID container, String rule) {}

    /** Newest first, one more than the limit where there is more; those that have ended too. */
    List<Entry> list(UUID container, @Nullable UUID before, int limit) {
        return jdbc.sql("""
                        select g.*, u.name as granted_by_name, e.name as ended_by_name
                        from grants g left join users u on u.id = g.granted_by left join users e on e.id = g.ended_by
                        where g.container_id = :container and (cast(:before as uuid) is null or g.id < :before)
                        order by g.id desc limit :limit
                        """)
                .param("container", container)
                .param("before", before)
                .param("limit", limit + 1)
                .query(this::entry)
                .list();
    }

    /** A grant and its place in the list. */
    record Entry(UUID id, Grant grant) {}

    private Entry entry(ResultSet row, int number) throws SQLException {
        OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
        Instant until = row.getObject("until", OffsetDateTime.class).toInstant();
        return new Entry(
                row.getObject("id", UUID.class),
                new Grant(
                        row.getString("rule"),
                        until,
                        row.getString("reason"),
                        row.getString("granted_by_name"),
                        row.getObject("granted_at", OffsetDateTime.class).toInstant(),
                        ended == null ? null : ended.toInstant(),
                        row.getString("ended_by_name"),
                        state(ended != null, until),
                        row.getBoolean("told"),
                        row.getString("trouble")));
    }

    private Grant.State state(boolean isEnded, Instant until) {
        if (isEnded) {
            return Grant.State.REVOKED;
        }
        return clock.instant().isBefore(until) ? Grant.State.HOLDS : Grant.State.EXPIRED;
    }

    /** The last word about a rule holds: an earlier grant ends. */
    @Transactional
    public void add(Subject subject, Instant until, String reason, UUID by) {
        end(subject, by);
        jdbc.sql("""
                        insert into grants (id, container_id, rule, until, reason, granted_by)
                        values (:id, :container, :rule, :until, :reason, :by)
                        """)
                .param("id", UuidCreator.getTimeOrderedEpoch())
                .param("container", subject.container())
                .param("rule", subject.rule())
                .param("until", until.atOffset(ZoneOffset.UTC))
                .param("reason", reason)
                .param("by", by)
                .update();
    }

    /** False when there was none that has not been ended. */
    boolean end(Subject subject, UUID by) {
        return jdbc.sql("""
                        update grants set ended_at = now(), ended_by = :by, told = false, trouble = null
                        where container_id = :container and rule = :rule and ended_at is null
                        """)
                        .param("container", subject.container())
                        .param("rule", subject.rule())
                        .param("by", by)
                        .update()
                > 0;
    }

    /** The node does not take it: it has never been. One that it was to replace has ended all the same, which the node is to be told. */
    @Transactional
    public void forget(Subject subject, UUID id) {
        jdbc.sql("delete from grants where id = :id").param("id", id).update();
        jdbc.sql("""
                        update grants set told = false where id = (
                            select id from grants where container_id = :container and rule = :rule order by id desc limit 1)
                        """)
                .param("container", subject.container())
                .param("rule", subject.rule())
                .update();
    }

    /**
     * What the node is to be told about a rule.
     *
     * @param id the grant's
     * @param until null when it has been ended
     */
    record Word(UUID id, @Nullable Instant until, boolean told) {}

    /** The last word about a rule; nobody changes it until the transaction ends. */
    Optional<Word> lock(Subject subject) {
        return jdbc.sql("""
                        select id, case when ended_at is null then until end as until, told from grants
                        where container_id = :container and rule = :rule order by id desc limit 1 for update
                        """)
                .param("container", subject.container())
                .param("rule", subject.rule())
                .query((row, number) -> {
                    OffsetDateTime until = row.getObject("until", OffsetDateTime.class);
                    return new Word(
                            row.getObject("id", UUID.class),
                            until == null ? null : until.toInstant(),
                            row.getBoolean("told"));
                })
                .optional();
    }

    /** The node has heard it, and with it that all earlier words about the rule are void. */
    void told(Subject subject, UUID id, @Nullable String trouble) {
        jdbc.sql("""
                        update grants set told = true, trouble = case when id = :id then :trouble end
                        where container_id = :container and rule = :rule and id <= :id and (not told or id = :id)
                        """)
                .param("container", subject.container())
                .param("rule", subject.rule())
                .param("id", id)
                .param("trouble", trouble)
                .update();
    }

    /** What this node is still to be told. */
    List<Subject> untold() {
        return jdbc.sql("""
                        select distinct g.container_id, g.rule from grants g join containers c on c.id = g.container_id
                        where not g.told and c.node_id = :node and c.deleted_at is null
                        """)
                .param("node", node.id())
                .query((row, number) -> new Subject(row.getObject("container_id", UUID.class), row.getString("rule")))
                .list();
    }

    /** The node may have lost what it knew: it is told again what holds. */
    void tellAgain() {
        jdbc.sql("""
                        update grants g set told = false
                        from containers c
                        where c.id = g.container_id and c.node_id = :node and c.deleted_at is null
                          and g.ended_at is null and g.until > now()
                        """).param("node", node.id()).update();
    }
}
