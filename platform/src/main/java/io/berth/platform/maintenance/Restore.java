// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

import io.berth.platform.maintenance.BackupEnd.Counter;
import io.berth.platform.maintenance.BackupEnd.TableEnd;
import io.berth.platform.maintenance.BackupHead.TableHead;
import io.berth.platform.settings.DatabaseSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import tools.jackson.core.JacksonException;

/**
 * Reads a backup into a schema of its own, made by the same migrations as any, and puts it in the place of the present one when all of it was read and is what
 * was written, in one transaction. What was there stays beside it, under another name.
 */
final class Restore {
    /** Where it is read into; nobody looks there. */
    private static final String MEANWHILE = "berth_restoring";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

    private static final Pattern SCHEMA = Pattern.compile("[0-9]{1,6}");

    /** As the server writes the bounds of a partition: a backup is no place for commands. */
    private static final Pattern BOUND =
            Pattern.compile("FOR VALUES FROM \\('[0-9 :.+-]{10,40}'\\) TO \\('[0-9 :.+-]{10,40}'\\)");

    private final Connection connection;
    private final DatabaseSettings database;

    Restore(Connection connection, DatabaseSettings database) {
        this.connection = connection;
        this.database = database;
    }

    /** @return what was done, in a line */
    String read(InputStream in) throws SQLException, IOException {
        requireNobodyElse();
        try (var zip = new ZipInputStream(in, StandardCharsets.UTF_8)) {
            BackupHead head = head(zip);
            makeSchema(head);
            connection.setAutoCommit(false);
            try {
                List<TableEnd> read = load(zip, head);
                requireSame(end(zip), read);
                requireNobodyElse(); // a platform that came meanwhile would go on writing into what is put aside
                String kept = swap();
                connection.commit();
                return "restored " + read.size() + " tables with "
                        + read.stream().mapToLong(TableEnd::rows).sum() + " rows as of " + head.at()
                        + "; what was there before is kept in the schema " + kept + " until you drop it";
            } catch (ZipException e) {
                throw damaged(String.valueOf(e.getMessage()));
            } finally {
                connection.rollback(); // of nothing, when all went well
            }
        }
    }

    private static MaintenanceException damaged(String how) {
        return new MaintenanceException("this is no whole backup (" + how + "); nothing was changed: take another one");
    }

    private void requireNobodyElse() throws SQLException {
        boolean isUsed = ask("""
                select exists (select from pg_stat_activity
                    where datname = current_database() and application_name = 'berth-platform')
                """);
        if (isUsed) {
            throw new MaintenanceException("the platform uses this database; stop it first, and leave the database up");
        }
    }

    private boolean ask(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private void tell(String... commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private static BackupHead head(ZipInputStream zip) throws IOException {
        try {
            BackupHead head = json(zip, BackupHead.NAME, BackupHead.class);
            if (head.format() != BackupHead.FORMAT) {
                throw new MaintenanceException("the backup has format " + head.format() + ", this build reads "
                        + BackupHead.FORMAT + "; restore it with the build that made it");
            }
            if (!SCHEMA.matcher(head.schema()).matches()) {
                throw damaged("its schema is '" + head.schema() + "'");
            }
            return head;
        } catch (ZipException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private static <T> T json(ZipInputStream zip, String name, Class<T> type) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null || !entry.getName().equals(name)) {
            throw damaged(name + " is not where it should be");
        }
        try {
            return Backup.JSON.readValue(zip.readAllBytes(), type);
        } catch (JacksonException e) {
            throw damaged(name + " can't be read");
        }
    }

    private void makeSchema(BackupHead head) throws SQLException {
        tell("drop schema if exists " + MEANWHILE + " cascade", "create schema " + MEANWHILE);
        Flyway flyway = Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:db/migrations")
                .schemas(MEANWHILE)
                .defaultSchema(MEANWHILE)
                .target(head.schema())
                .load();
        MigrationVersion wanted = MigrationVersion.fromVersion(head.schema());
        List<MigrationVersion> known = new ArrayList<>();
        for (var migration : flyway.info().all()) {
            known.add(migration.getVersion());
        }
        if (!known.contains(wanted)) {
            throw new MaintenanceException("the backup has schema " + head.schema()
                    + ", which this build does not know; restore it with a newer one");
        }
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw new MaintenanceException("the schema can't be made: " + e.getMessage());
        }
    }

    private List<TableEnd> load(ZipInputStream zip, BackupHead head) throws SQLException, IOException {
        tell("set local search_path = " + MEANWHILE);
        for (TableHead table : head.tables()) {
            makePartition(table);
            tell("alter table " + Backup.quoted(table.name())
                    + " disable trigger user"); // what they count and write is in the backup
        }
        tell(
                "truncate " // what migrations have put there
                        + head.tables().stream()
                                .map(it -> Backup.quoted(it.name()))
                                .collect(Collectors.joining(", ")));
        List<TableEnd> read = new ArrayList<>();
        for (TableHead table : head.tables()) {
            read.add(load(zip, table));
            tell("alter table " + Backup.quoted(table.name()) + " enable trigger user");
        }
        return read;
    }

    private void makePartition(TableHead table) throws SQLException {
        String parent = table.parent();
        String bound = table.bound();
        if (parent == null
                || bound == null
                || ask("select to_regclass(" + literal(MEANWHILE + "." + Backup.quoted(table.name()))
                        + ") is not null")) {
            return;
        }
        if (!BOUND.matcher(bound).matches()) {
            throw damaged("partition " + table.name() + " has strange bounds");
        }
        tell("create table " + Backup.quoted(table.name()) + " partition of " + Backup.quoted(parent) + " " + bound);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private TableEnd load(ZipInputStream zip, TableHead table) throws SQLException, IOException {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null || !entry.getName().equals(table.entry())) {
            throw damaged(table.name() + " is missing");
        }
        MessageDigest sha256 = Backup.sha256();
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        try {
            long rows = copies.copyIn(
                    "copy " + Backup.quoted(table.name()) + " (" + Backup.columns(table) + ") from stdin",
                    new DigestInputStream(zip, sha256));
            return new TableEnd(table.name(), rows, HexFormat.of().formatHex(sha256.digest()));
        } catch (SQLException e) {
            throw damaged("table " + table.name() + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static BackupEnd end(ZipInputStream zip) throws IOException {
        return json(zip, BackupEnd.NAME, BackupEnd.class);
    }

    private void requireSame(BackupEnd written, List<TableEnd> read) throws SQLException {
        Map<String, TableEnd> due = new HashMap<>();
        written.tables().forEach(table -> due.put(table.name(), table));
        for (TableEnd table : read) {
            if (!table.equals(due.remove(table.name()))) {
                throw damaged("table " + table.name() + " is not as it was written");
            }
        }
        if (!due.isEmpty()) {
            throw damaged("tables " + due.keySet() + " are missing");
        }
        for (Counter counter : written.counters()) {
            setCounter(counter);
        }
        tell("update events_forgotten set transaction = pg_current_xact_id()::text::bigint"); // whoever watched has
        // missed something
    }

    private void setCounter(Counter counter) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select setval(pg_get_serial_sequence(quote_ident(?), ?), ?)")) {
            statement.setString(1, counter.table());
            statement.setString(2, counter.column());
            statement.setLong(3, counter.value());
            statement.execute();
        }
    }

    /** @return what the present schema is called from now on */
    private String swap() throws SQLException {
        String kept = "replaced_" + STAMP.format(Instant.now());
        tell(
                "alter schema public rename to " + kept,
                "alter schema " + MEANWHILE + " rename to public",
                "set local search_path = public");
        return kept;
    }
}
