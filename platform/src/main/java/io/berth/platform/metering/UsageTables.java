// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.platform.tenant.Tenant;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables of samples, hours and days, as they are asked. */
@Component
class UsageTables {
    private static final String SUMS = """
            sum(u.samples) as samples, sum(u.resets) as resets, sum(u.seconds) as seconds, sum(u.running_seconds) as running,
            sum(u.gap_seconds) as gap, sum(u.cpu_micros) as cpu, sum(u.vcpu_milli_seconds) as vcpu,
            sum(u.memory_byte_seconds) as memory, sum(u.memory_limit_byte_seconds) as memory_limit,
            sum(u.disk_byte_seconds) as disk, sum(u.received_bytes) as received, sum(u.sent_bytes) as sent,
            sum(u.read_bytes) as read, sum(u.written_bytes) as written
            """;

    private final JdbcClient jdbc;

    UsageTables(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is asked for.
     *
     * @param container one of the tenant's, null for all of them
     * @param apart whether each container is told of by itself
     */
    record Question(
            Tenant tenant,
            Span span,
            Resolution resolution,
            @Nullable UUID container,
            boolean apart) {}

    /** By time, then by container; one more than the limit where there is more. */
    List<UsagePeriod> periods(Question question, PeriodCursor after, int limit) {
        String column = question.resolution().column();
        boolean apart = question.apart() || question.container() != null;
        String group = apart ? "u." + column + ", u.container_id, m.name" : "u." + column;
        return jdbc.sql("select u." + column + " as at, "
                        + (apart
                                ? "u.container_id as container, m.name as name, "
                                : "null as container, null as name, ")
                        + SUMS + " from " + question.resolution().table() + " u"
                        + (apart ? " join metered_containers m on m.container_id = u.container_id" : "")
                        + " where u.tenant_id = :tenant and u." + column + " >= :from and u." + column + " < :to"
                        + (question.container() == null ? "" : " and u.container_id = :container")
                        + (apart
                                ? " and (u." + column + ", u.container_id) > (:at, :after)"
                                : " and u." + column + " > :at")
                        + " group by " + group + " order by " + group + " limit :limit")
                .param("tenant", question.tenant().id())
                .param("from", question.span().fromTime())
                .param("to", question.span().toTime())
                .param("container", question.container())
                .param("at", after.at().atOffset(ZoneOffset.UTC))
                .param("after", after.container())
                .param("limit", limit + 1)
                .query((row, number) -> period(question.resolution(), row))
                .list();
    }

    private static UsagePeriod period(Resolution resolution, ResultSet row) throws SQLException {
        Instant from = row.getObject("at", OffsetDateTime.class).toInstant();
        return new UsagePeriod(
                from,
                resolution.endOf(from),
                row.getObject("container", UUID.class),
                row.getString("name"),
                row.getLong("samples"),
                row.getLong("resets"),
                row.getLong("seconds"),
                row.getLong("running"),
                row.getLong("gap"),
                row.getLong("cpu"),
                integer(row, "vcpu"),
                integer(row, "memory"),
                integer(row, "memory_limit"),
                integer(row, "disk"),
                row.getLong("received"),
                row.getLong("sent"),
                row.getLong("read"),
                row.getLong("written"));
    }

    private static BigInteger integer(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, BigDecimal.class)).toBigIntegerExact();
    }

    /** Whether the container is, or was, the tenant's, and has ever been metered. */
    boolean has(Tenant tenant, UUID container) {
        return jdbc.sql("""
                        select exists (select from metered_containers where container_id = :id and tenant_id = :tenant)
                            or exists (select from containers where id = :id and tenant_id = :tenant)
                        """)
                .param("id", container)
                .param("tenant", tenant.id())
                .query(Boolean.class)
                .single();
    }

    /** By time. A sample of the span's very end belongs to it, one of its beginning to what was before; so do those of an hour. */
    List<UsageSample> samples(UUID container, Span span, long skip, int limit) {
        return jdbc.sql("""
                        select * from meter_samples where container_id = :container and at > :from and at <= :to
                        order by at, round, since nulls last offset :skip limit :limit
                        """)
                .param("container", container)
                .param("from", span.fromTime())
                .param("to", span.toTime())
                .param("skip", skip)
                .param("limit", limit + 1)
                .query(UsageTables::sample)
                .list();
    }

    private static UsageSample sample(ResultSet row, int number) throws SQLException {
        return new UsageSample(
                row.getObject("at", OffsetDateTime.class).toInstant(),
                MeteredContainers.instant(row, "since"),
                row.getLong("round"),
                row.getInt("milli_cpus"),
                row.getLong("memory_limit_bytes"),
                row.getObject("memory_bytes", Long.class),
                row.getObject("disk_bytes", Long.class),
                row.getObject("cpu_micros", Long.class),
                row.getObject("received_bytes", Long.class),
                row.getObject("sent_bytes", Long.class),
                row.getObject("read_bytes", Long.class),
                row.getObject("written_bytes", Long.class),
                row.getInt("seconds"),
                row.getInt("running_seconds"),
                row.getInt("gap_seconds"),
                row.getBoolean("reset"),
                row.getLong("cpu_micros_used"),
                row.getLong("received_bytes_used"),
                row.getLong("sent_bytes_used"),
                row.getLong("read_bytes_used"),
                row.getLong("written_bytes_used"));
    }
}
