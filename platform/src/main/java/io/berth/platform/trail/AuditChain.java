// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts entries into the chain, and recomputes it. One platform at a time does the former, so the hot path has no lock. */
@Component
public class AuditChain {
    private static final Logger LOG = LoggerFactory.getLogger(AuditChain.class);
    private static final int BATCH = 500; // a transaction of some ten milliseconds
    private static final int VERIFIED_AT_A_TIME = 2000;
    private static final String COLUMNS = "e.id, e.at, e.actor, e.tenant_id, e.method, e.path, e.outcome, e.content";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    AuditChain(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Every second, and until nothing waits any more. */
    @Scheduled(fixedDelayString = "PT1S")
    void extend() {
        try {
            while (Integer.valueOf(BATCH).equals(transaction.execute(status -> extendByBatch()))) {
                LOG.debug("more to chain");
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("audit entries not chained, trying again: {}", e.getMessage());
        }
    }

    private int extendByBatch() {
        boolean isMine = jdbc.sql("select pg_try_advisory_xact_lock(hashtext('berth.audit'))")
                .query(Boolean.class)
                .single();
        if (!isMine) {
            return 0; // another replica does it
        }
        List<ChainLink.Chained> waiting = jdbc.sql("select " + COLUMNS + """
                         from audit_unchained u join audit_entries e on e.id = u.entry_id order by e.id limit :batch
                        """)
                .param("batch", BATCH)
                .query(AuditChain::chained)
                .list();
        if (!waiting.isEmpty()) {
            append(waiting);
        }
        return waiting.size();
    }

    /** All in two statements, as others want the processors meanwhile. */
    private void append(List<ChainLink.Chained> entries) {
        List<ChainLink> links = new ArrayList<>();
        ChainLink last = head();
        for (ChainLink.Chained entry : entries) {
            last = last.next(entry);
            links.add(last);
        }
        UUID[] ids = entries.stream().map(ChainLink.Chained::id).toArray(UUID[]::new);
        jdbc.sql("""
                        insert into audit_chain (number, entry_id, hash)
                        select l.number, l.entry, decode(l.hash, 'hex')
                        from unnest(:numbers, :entries, :hashes) as l (number, entry, hash)
                        """)
                .param("numbers", links.stream().map(ChainLink::number).toArray(Long[]::new))
                .param("entries", ids)
                .param("hashes", links.stream().map(ChainLink::hash).toArray(String[]::new))
                .update();
        jdbc.sql("delete from audit_unchained where entry_id = any(:entries)")
                .param("entries", ids)
                .update();
    }

    /** The newest link: whoever keeps it elsewhere sees by it, too, that nobody has cut the chain's end off. */
    public ChainLink head() {
        return jdbc.sql("select number, hash from audit_chain order by number desc limit 1")
                .query(AuditChain::link)
                .optional()
                .orElse(ChainLink.START);
    }

    private record Kept(ChainLink link, ChainLink.Chained entry) {}

    /** Recomputes all of it; the result is the number of the first link that is not what it should be, null for none. */
    public @Nullable Long firstBroken() {
        ChainLink last = ChainLink.START;
        while (true) {
            List<Kept> kept = after(last.number());
            if (kept.isEmpty()) {
                return null;
            }
            for (Kept one : kept) {
                ChainLink due = last.next(one.entry());
                if (!due.equals(one.link())) {
                    return due.number();
                }
                last = due;
            }
        }
    }

    private List<Kept> after(long number) {
        return jdbc.sql("select c.number, c.hash, " + COLUMNS + """
                         from audit_chain c join audit_entries e on e.id = c.entry_id
                        where c.number > :number order by c.number limit :limit
                        """)
                .param("number", number)
                .param("limit", VERIFIED_AT_A_TIME)
                .query((row, index) -> new Kept(link(row, index), chained(row, index)))
                .list();
    }

    private static ChainLink link(ResultSet row, int index) throws SQLException {
        return new ChainLink(row.getLong("number"), HexFormat.of().formatHex(row.getBytes("hash")));
    }

    private static ChainLink.Chained chained(ResultSet row, int index) throws SQLException {
        return new ChainLink.Chained(
                row.getObject("id", UUID.class),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getObject("tenant_id", UUID.class),
                row.getString("method"),
                row.getString("path"),
                row.getString("outcome"),
                row.getString("content"));
    }
}
