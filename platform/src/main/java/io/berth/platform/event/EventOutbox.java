// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The table of events, which triggers fill. Transactions end in another order than they begin, so no number that is given out at an event's
 * making says what has been read. What does is a {@link #horizon}: every transaction below it has ended. Whoever reads all from an earlier
 * horizon on has missed nothing, and may meet an event twice.
 */
@Component
class EventOutbox {
    /** More than that in one look, and to fetch everything anew is less work for both. */
    static final int MOST = 2000;

    private final JdbcClient jdbc;

    EventOutbox(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One change.
     *
     * @param kind an {@link EventKind}, or ACCESS
     * @param tenant the tenant's name, null where there is none any more
     */
    record Row(
            long transaction,
            long id,
            String kind,
            Change change,
            String resource,
            @Nullable UUID tenantId,
            @Nullable String tenant) {}

    /** The oldest transaction that has not ended. */
    long horizon() {
        return jdbc.sql("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
                .query(Long.class)
                .single();
    }

    /** Those of all transactions from the horizon on that have ended, oldest first; one more than {@link #MOST} where there are more. */
    List<Row> since(long horizon) {
        return jdbc.sql("""
                        select e.transaction, e.id, e.kind, e.change, e.resource, e.tenant_id, t.name as tenant
                        from events e left join tenants t on t.id = e.tenant_id
                        where e.transaction >= :horizon order by e.id limit :limit
                        """)
                .param("horizon", horizon)
                .param("limit", MOST + 1)
                .query(EventOutbox::row)
                .list();
    }

    /** Whether everything from that horizon on is still there. A horizon that has not come yet is of another database's life. */
    boolean reaches(long horizon) {
        return jdbc.sql("""
                        select :horizon > transaction and :horizon <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                        from events_forgotten
                        """).param("horizon", horizon).query(Boolean.class).single();
    }

    /** Who was away for longer fetches everything anew. */
    @Scheduled(fixedRateString = "PT1M")
    void forgetOld() {
        jdbc.sql("""
                        with gone as (delete from events where at < now() - interval '10 minutes' returning transaction)
                        update events_forgotten
                        set transaction = greatest(transaction, (select max(transaction) from gone))
                        where exists (select from gone)
                        """).update();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getLong("transaction"),
                row.getLong("id"),
                row.getString("kind"),
                Change.valueOf(row.getString("change")),
                row.getString("resource"),
                row.getObject("tenant_id", UUID.class),
                row.getString("tenant"));
    }
}
