// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

import io.berth.platform.maintenance.BackupEnd.TableEnd;
import io.berth.platform.maintenance.BackupHead.TableHead;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the database to a stream: a zip file of what COPY says of each table, all of it as of one moment, while the platform goes on. Text as COPY writes it
 * is read by every version of PostgreSQL.
 */
final class Backup {
    static final JsonMapper JSON = JsonMapper.shared();

    private final Connection connection;

    Backup(Connection connection) {
        this.connection = connection;
    }

    /** @return what was done, in a line */
    String write(OutputStream out) throws SQLException, IOException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ); // one snapshot for all that follows
        Catalogue catalogue = new Catalogue(connection);
        BackupHead head = new BackupHead(
                BackupHead.FORMAT, catalogue.schemaVersion(), Instant.now(), catalogue.server(), catalogue.tables());
        List<TableEnd> tables = new ArrayList<>();
        try (var zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            entry(zip, BackupHead.NAME, head);
            for (TableHead table : head.tables()) {
                tables.add(copy(zip, table));
            }
            // Sequences know no snapshots: read last, they are never behind what was written
            entry(zip, BackupEnd.NAME, new BackupEnd(tables, catalogue.counters()));
        }
        connection.rollback();
        return "backed up " + tables.size() + " tables with "
                + tables.stream().mapToLong(TableEnd::rows).sum() + " rows, schema " + head.schema();
    }

    private static void entry(ZipOutputStream zip, String name, Object content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(JSON.writeValueAsBytes(content));
        zip.closeEntry();
    }

    private TableEnd copy(ZipOutputStream zip, TableHead table) throws SQLException, IOException {
        zip.putNextEntry(new ZipEntry(table.entry()));
        MessageDigest sha256 = sha256();
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        long rows = copies.copyOut(
                "copy public." + quoted(table.name()) + " (" + columns(table) + ") to stdout",
                new DigestOutputStream(zip, sha256));
        zip.closeEntry();
        return new TableEnd(table.name(), rows, HexFormat.of().formatHex(sha256.digest()));
    }

    static String columns(TableHead table) {
        return table.columns().stream().map(Backup::quoted).collect(Collectors.joining(", "));
    }

    /** As an identifier of SQL. */
    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
