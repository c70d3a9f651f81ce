// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

import io.berth.platform.trail.ChainLink;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What recomputing the chain of the audit trail finds, by a program that is not the platform.
 *
 * @param last the last link that is as it should be
 * @param broken what is wrong with the one after it; null: the chain is whole
 * @param waiting entries that have no link yet: those of the last second
 */
record AuditVerification(ChainLink last, @Nullable String broken, long waiting) {
    private static final int FETCHED_AT_A_TIME = 2000;

    static AuditVerification of(Connection connection) throws SQLException {
        connection.setAutoCommit(false); // a cursor needs a transaction
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        ChainLink last = ChainLink.START;
        try (PreparedStatement statement = connection.prepareStatement("""
                select c.number, c.hash, e.id, e.at, e.actor, e.tenant_id, e.method, e.path, e.outcome, e.content
                from audit_chain c left join audit_entries e on e.id = c.entry_id order by c.number
                """)) {
            statement.setFetchSize(FETCHED_AT_A_TIME);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String broken = complaint(last, rows);
                    if (broken != null) {
                        return new AuditVerification(last, broken, 0);
                    }
                    last = link(rows);
                }
            }
        }
        return unlinked(connection, last);
    }

    private static ChainLink link(ResultSet row) throws SQLException {
        return new ChainLink(row.getLong("number"), HexFormat.of().formatHex(row.getBytes("hash")));
    }

    private static @Nullable String complaint(ChainLink last, ResultSet row) throws SQLException {
        ChainLink found = link(row);
        if (found.number() != last.number() + 1) {
            return "link " + (last.number() + 1) + " is missing";
        }
        UUID id = row.getObject("id", UUID.class);
        if (id == null) {
            return "the entry of link " + found.number() + " is missing";
        }
        var entry = new ChainLink.Chained(
                id,
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getObject("tenant_id", UUID.class),
                row.getString("method"),
                row.getString("path"),
                row.getString("outcome"),
                row.getString("content"));
        return last.next(entry).equals(found)
                ? null
                : "link " + found.number() + " does not fit its entry " + id + " of " + entry.at()
                        + " or the link before";
    }

    /** Entries of which neither the chain nor the sequencer knows were put there by nobody of ours. */
    private static AuditVerification unlinked(Connection connection, ChainLink last) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                        select count(u.entry_id), count(*) - count(u.entry_id)
                        from audit_entries e left join audit_unchained u on u.entry_id = e.id
                        where not exists (select from audit_chain c where c.entry_id = e.id)
                        """);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long strange = row.getLong(2);
            return new AuditVerification(
                    last, strange == 0 ? null : strange + " entries are in no chain and wait for none", row.getLong(1));
        }
    }

    boolean isWhole() {
        return broken == null;
    }

    String words() {
        return broken == null
                ? "whole: " + last.number() + " links, head " + last.hash() + "; " + waiting
                        + " entries of the last moment wait for theirs. Keep the head elsewhere: a later chain has it still"
                : "BROKEN: " + broken + "; the last good link is " + last.number() + ", " + last.hash()
                        + ": somebody with the database's superuser has been at it";
    }
}
