// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of metered containers, a round at a time. */
@Component
class MeteredContainers {
    private final JdbcClient jdbc;

    MeteredContainers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What is known of these; one that the platform does not know at all is left out. */
    Map<UUID, LastReading> find(Collection<UUID> containers) {
        Map<UUID, LastReading> found = new HashMap<>();
        jdbc.sql("""
                        select w.id, coalesce(m.tenant_id, c.tenant_id) as tenant, coalesce(c.name, m.name) as name,
                            m.at, m.since, m.cpu_micros, m.received_bytes, m.sent_bytes, m.read_bytes, m.written_bytes
                        from unnest(cast(:ids as uuid[])) as w (id)
                            left join metered_containers m on m.container_id = w.id
                            left join containers c on c.id = w.id
                        where m.container_id is not null or c.id is not null
                        """)
                .param("ids", containers.toArray(UUID[]::new))
                .query(MeteredContainers::last)
                .list()
                .forEach(last -> found.put(last.container(), last));
        return found;
    }

    private static LastReading last(ResultSet row, int number) throws SQLException {
        return new LastReading(
                row.getObject("id", UUID.class),
                row.getObject("tenant", UUID.class),
                row.getString("name"),
                instant(row, "at"),
                instant(row, "since"),
                new Counters(
                        row.getObject("cpu_micros", Long.class),
                        row.getObject("received_bytes", Long.class),
                        row.getObject("sent_bytes", Long.class),
                        row.getObject("read_bytes", Long.class),
                        row.getObject("written_bytes", Long.class)));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    void save(Connection connection, Collection<LastReading> readings) throws SQLException {
        List<LastReading> all = List.copyOf(readings);
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into metered_containers (container_id, tenant_id, name, at, since,
                    cpu_micros, received_bytes, sent_bytes, read_bytes, written_bytes)
                select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[], ?::timestamptz[],
                    ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                on conflict (container_id) do update set name = excluded.name, at = excluded.at, since = excluded.since,
                    cpu_micros = excluded.cpu_micros, received_bytes = excluded.received_bytes,
                    sent_bytes = excluded.sent_bytes, read_bytes = excluded.read_bytes, written_bytes = excluded.written_bytes
                """)) {
            int column = 1;
            statement.setArray(column++, array(connection, "uuid", all, LastReading::container));
            statement.setArray(column++, array(connection, "uuid", all, LastReading::tenant));
            statement.setArray(column++, array(connection, "text", all, LastReading::name));
            statement.setArray(column++, array(connection, "timestamptz", all, last -> time(last.at())));
            statement.setArray(column++, array(connection, "timestamptz", all, last -> time(last.since())));
            for (Function<Counters, @Nullable Long> counter : List.<Function<Counters, @Nullable Long>>of(
                    Counters::cpuMicros,
                    Counters::receivedBytes,
                    Counters::sentBytes,
                    Counters::readBytes,
                    Counters::writtenBytes)) {
                statement.setArray(column++, array(connection, "int8", all, last -> counter.apply(last.counters())));
            }
            statement.executeUpdate();
        }
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Array array(
            Connection connection, String type, List<LastReading> all, Function<LastReading, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, all.stream().map(value).toArray());
    }
}
