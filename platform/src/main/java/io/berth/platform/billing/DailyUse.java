// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a tenant used, a day at a time: containers from the roll-ups of metering, volumes from what was reserved for them. */
@Component
class DailyUse {
    /** Hours or days, each with the whole seconds that a volume had so much reserved for in it; what is reserved now goes on until now. */
    private static final String PARTS = """
            select part, s.volume_id, s.disk_bytes::numeric as bytes,
                extract(epoch from least(s.until, part + interval '%2$s') - greatest(s.since, part)) as seconds
            from (select volume_id, disk_bytes, since, least(coalesce(until, date_trunc('second', now())), :to) as until
                  from volume_spans where tenant_id = :tenant and since < :to and coalesce(until, now()) > :from) s,
                generate_series(date_trunc('%1$s', greatest(s.since, :from), 'UTC'), s.until, interval '%2$s') as part
            where s.until > greatest(s.since, part)
            """;

    private static final String VOLUMES_BY_SECOND = "select part as day, sum(bytes * seconds) as volume from ("
            + PARTS.formatted("day", "24 hours") + ") p group by part";

    private static final String VOLUMES_BY_HOUR = "select date_trunc('day', part, 'UTC') as day, "
            + whole("seconds", "byte_seconds") + " as volume"
            + " from (select part, sum(bytes * seconds) as byte_seconds, sum(seconds) as seconds from ("
            + PARTS.formatted("hour", "1 hour") + ") p group by part, volume_id) h group by 1";

    private final JdbcClient jdbc;

    DailyUse(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One for each of the days from, inclusive, to, exclusive. */
    List<Quantities> of(UUID tenant, LocalDate from, LocalDate to) {
        Map<LocalDate, Map<Meter, BigInteger>> bySecond =
                merged(bySecond(tenant, from, to), query(VOLUMES_BY_SECOND, tenant, from, to));
        Map<LocalDate, Map<Meter, BigInteger>> byHour =
                merged(byHour(tenant, from, to), query(VOLUMES_BY_HOUR, tenant, from, to));
        return IntStream.range(0, (int) (to.toEpochDay() - from.toEpochDay()))
                .mapToObj(from::plusDays)
                .map(day -> new Quantities(bySecond.getOrDefault(day, Map.of()), byHour.getOrDefault(day, Map.of())))
                .toList();
    }

    /** Of different meters. */
    private static Map<LocalDate, Map<Meter, BigInteger>> merged(
            Map<LocalDate, Map<Meter, BigInteger>> containers, Map<LocalDate, Map<Meter, BigInteger>> volumes) {
        volumes.forEach((day, quantities) ->
                containers.computeIfAbsent(day, _ -> new EnumMap<>(Meter.class)).putAll(quantities));
        return containers;
    }

    private Map<LocalDate, Map<Meter, BigInteger>> bySecond(UUID tenant, LocalDate from, LocalDate to) {
        return query("""
                select day, sum(running_seconds) as running, sum(vcpu_milli_seconds) as vcpu, sum(cpu_micros) as cpu,
                    sum(memory_limit_byte_seconds) as memory, sum(memory_byte_seconds) as memory_used,
                    sum(disk_byte_seconds) as disk, sum(received_bytes) as received, sum(sent_bytes) as sent,
                    sum(read_bytes) as read, sum(written_bytes) as written
                from usage_days where tenant_id = :tenant and day >= :from and day < :to group by day
                """, tenant, from, to);
    }

    private Map<LocalDate, Map<Meter, BigInteger>> byHour(UUID tenant, LocalDate from, LocalDate to) {
        return query(
                "select date_trunc('day', hour, 'UTC') as day, count(*) filter (where running_seconds > 0) * 3600 as running, "
                        + whole("running_seconds", "vcpu_milli_seconds") + " as vcpu, "
                        + whole("running_seconds", "memory_limit_byte_seconds") + " as memory, "
                        + whole("running_seconds", "memory_byte_seconds") + " as memory_used, "
                        + whole("seconds", "disk_byte_seconds") + " as disk"
                        + " from usage_hours where tenant_id = :tenant and hour >= :from and hour < :to group by 1",
                tenant,
                from,
                to);
    }

    /** Rounded up to a whole part, in whole numbers: div() cuts off, and an hour's average times 3600 is what the begun hour costs. */
    private static String whole(String seconds, String quantity) {
        return "sum(case when %1$s > 0 then div(%2$s::numeric * 3600 + %1$s - 1, %1$s) else 0 end)"
                .formatted(seconds, quantity);
    }

    /** @param sql a day, then quantities under the names of their meters */
    private Map<LocalDate, Map<Meter, BigInteger>> query(String sql, UUID tenant, LocalDate from, LocalDate to) {
        Map<LocalDate, Map<Meter, BigInteger>> days = new HashMap<>();
        jdbc.sql(sql)
                .param("tenant", tenant)
                .param("from", from.atStartOfDay().atOffset(ZoneOffset.UTC))
                .param("to", to.atStartOfDay().atOffset(ZoneOffset.UTC))
                .query((row, number) -> days.put(day(row), quantities(row)))
                .list();
        return days;
    }

    private static LocalDate day(ResultSet row) throws SQLException {
        return row.getObject("day", OffsetDateTime.class)
                .withOffsetSameInstant(ZoneOffset.UTC)
                .toLocalDate();
    }

    private static Map<Meter, BigInteger> quantities(ResultSet row) throws SQLException {
        Map<Meter, BigInteger> quantities = new EnumMap<>(Meter.class);
        for (int column = 2; column <= row.getMetaData().getColumnCount(); column++) {
            Meter meter = Meter.valueOf(row.getMetaData().getColumnLabel(column).toUpperCase(Locale.ROOT));
            quantities.put(
                    meter, Objects.requireNonNull(row.getBigDecimal(column)).toBigIntegerExact());
        }
        return quantities;
    }
}
