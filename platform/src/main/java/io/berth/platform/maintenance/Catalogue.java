// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.maintenance;

import io.berth.platform.maintenance.BackupHead.TableHead;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the database says of its own tables. */
final class Catalogue {
    /** What is being told to those who watch belongs to transactions of the server that it was written by; whoever watches fetches everything anew. */
    private static final Set<String> OF_THE_MOMENT = Set.of("events", "events_forgotten");

    /** Flyway's own; the restored schema is made by Flyway. */
    private static final String MIGRATIONS = "flyway_schema_history";

    private final Connection connection;

    Catalogue(Connection connection) {
        this.connection = connection;
    }

    /** For a statement that asks for it by parameter. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> ask(String query, Reader<T> reader, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            List<T> answers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    answers.add(reader.read(rows));
                }
            }
            return answers;
        }
    }

    String schemaVersion() throws SQLException {
        boolean isThere = ask("select to_regclass('public." + MIGRATIONS + "') is not null", row -> row.getBoolean(1))
                .getFirst();
        if (!isThere) {
            throw new MaintenanceException("there is nothing to back up: no platform has used this database yet");
        }
        return ask(
                        "select version from public." + MIGRATIONS
                                + " where success and version is not null order by installed_rank desc limit 1",
                        row -> row.getString(1))
                .getFirst();
    }

    String server() throws SQLException {
        return ask("show server_version", row -> row.getString(1)).getFirst();
    }

    /** Each after those that it refers to; partitions themselves, and not what they are parts of. */
    List<TableHead> tables() throws SQLException {
        Map<String, TableHead> found = new HashMap<>();
        for (TableHead table : ask("""
                select c.relname,
                    (select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a
                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
                    p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bound
                from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
                where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname
                """, Catalogue::table)) {
            if (!OF_THE_MOMENT.contains(table.name()) && !table.name().equals(MIGRATIONS)) {
                found.put(table.name(), table);
            }
        }
        Set<String> ordered = new LinkedHashSet<>();
        Map<String, List<String>> references = references();
        found.keySet().stream()
                .sorted()
                .forEach(name -> addAfterReferences(name, references, ordered, new LinkedHashSet<>()));
        return ordered.stream().filter(found::containsKey).map(found::get).toList();
    }

    private static TableHead table(ResultSet row) throws SQLException {
        return new TableHead(
                row.getString("relname"),
                List.of(row.getString("columns").split(",")),
                row.getString("parent"),
                row.getString("bound"));
    }

    private Map<String, List<String>> references() throws SQLException {
        Map<String, List<String>> references = new HashMap<>();
        ask("""
                select f.relname, t.relname from pg_constraint k join pg_class f on f.oid = k.conrelid
                    join pg_class t on t.oid = k.confrelid
                where k.contype = 'f' and k.connamespace = 'public'::regnamespace and f.oid <> t.oid order by 1, 2
                """, row -> List.of(row.getString(1), row.getString(2)))
                .forEach(pair -> references
                        .computeIfAbsent(pair.getFirst(), name -> new ArrayList<>())
                        .add(pair.getLast()));
        return references;
    }

    private static void addAfterReferences(
            String name, Map<String, List<String>> references, Set<String> ordered, Set<String> way) {
        if (ordered.contains(name)) {
            return;
        }
        if (!way.add(name)) {
            throw new IllegalStateException("tables refer to each other in a circle: " + way);
        }
        references.getOrDefault(name, List.of()).forEach(it -> addAfterReferences(it, references, ordered, way));
        way.remove(name);
        ordered.add(name);
    }

    /** Of identity columns; those of tables that are left out, too, do no harm. */
    List<BackupEnd.Counter> counters() throws SQLException {
        List<BackupEnd.Counter> counters = new ArrayList<>();
        for (List<String> column : ask("""
                select c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname)
                from pg_class c join pg_attribute a on a.attrelid = c.oid
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                  and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null and a.attnum > 0
                  and not a.attisdropped order by 1, 2
                """, row -> List.of(row.getString(1), row.getString(2), row.getString(3)))) {
            ask("select last_value from " + column.getLast() + " where is_called", row -> row.getLong(1))
                    .forEach(value -> counters.add(new BackupEnd.Counter(column.getFirst(), column.get(1), value)));
        }
        return counters;
    }
}
