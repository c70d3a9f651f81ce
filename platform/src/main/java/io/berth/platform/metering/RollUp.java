// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Adds samples up by hours, and hours by days. An hour is computed as a whole whenever it got samples, so doing it twice changes nothing. Its mark
 * goes first: what is counted meanwhile marks it again.
 */
@Component
class RollUp {
    private static final Logger LOG = LoggerFactory.getLogger(RollUp.class);

    /** Both tables' figures, in the order of both select lists below. */
    private static final String FIGURES = """
            samples, resets, seconds, running_seconds, gap_seconds, cpu_micros, vcpu_milli_seconds, memory_byte_seconds,
            memory_limit_byte_seconds, disk_byte_seconds, received_bytes, sent_bytes, read_bytes, written_bytes
            """;

    private static final String NEW_FIGURES = """
            samples = excluded.samples, resets = excluded.resets, seconds = excluded.seconds,
            running_seconds = excluded.running_seconds, gap_seconds = excluded.gap_seconds, cpu_micros = excluded.cpu_micros,
            vcpu_milli_seconds = excluded.vcpu_milli_seconds, memory_byte_seconds = excluded.memory_byte_seconds,
            memory_limit_byte_seconds = excluded.memory_limit_byte_seconds, disk_byte_seconds = excluded.disk_byte_seconds,
            received_bytes = excluded.received_bytes, sent_bytes = excluded.sent_bytes, read_bytes = excluded.read_bytes,
            written_bytes = excluded.written_bytes
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Partitions partitions;

    RollUp(JdbcClient jdbc, TransactionTemplate transaction, Partitions partitions) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.partitions = partitions;
    }

    /** Every two minutes: an hour of ten thousand containers takes under a second at its end. */
    @Scheduled(fixedDelayString = "PT2M", initialDelayString = "PT30S")
    void catchUp() {
        try {
            run();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("event=not-rolled-up error=\"{}\", trying again", e.getMessage());
        }
    }

    /** All hours that have got samples. */
    void run() {
        List<Instant> hours = jdbc.sql("select hour from meter_unrolled order by hour")
                .query((row, number) ->
                        row.getObject("hour", OffsetDateTime.class).toInstant())
                .list();
        hours.forEach(hour -> transaction.executeWithoutResult(status -> roll(hour)));
    }

    private void roll(Instant hour) {
        int marks = jdbc.sql("delete from meter_unrolled where hour = :hour")
                .param("hour", hour.atOffset(ZoneOffset.UTC))
                .update();
        if (marks == 1 && !hour.isBefore(partitions.oldestSample())) { // what has lost samples keeps what it had
            lockDay(hour);
            rollHour(hour);
            rollDay(hour.truncatedTo(ChronoUnit.DAYS));
        }
    }

    /** Two hours of one day at the same time would each miss the other. */
    private void lockDay(Instant hour) {
        jdbc.sql("select pg_advisory_xact_lock(:day)")
                .param("day", -hour.getEpochSecond() / 86_400)
                .query((row, number) -> true)
                .single();
    }

    private void rollHour(Instant hour) {
        jdbc.sql("insert into usage_hours (container_id, hour, tenant_id, " + FIGURES + """
                        )
                        select s.container_id, :hour, m.tenant_id, count(*), count(*) filter (where s.reset),
                            sum(s.seconds), sum(s.running_seconds), sum(s.gap_seconds), sum(s.cpu_micros_used),
                            sum(s.milli_cpus::bigint * s.running_seconds),
                            sum(coalesce(s.memory_bytes, 0) * s.running_seconds),
                            sum(s.memory_limit_bytes * s.running_seconds),
                            sum(coalesce(s.disk_bytes, 0) * s.seconds),
                            sum(s.received_bytes_used), sum(s.sent_bytes_used), sum(s.read_bytes_used), sum(s.written_bytes_used)
                        from meter_samples s join metered_containers m on m.container_id = s.container_id
                        where s.at > :hour and s.at <= :end
                        group by s.container_id, m.tenant_id
                        on conflict (container_id, hour) do update set\s""" + NEW_FIGURES)
                .param("hour", hour.atOffset(ZoneOffset.UTC))
                .param("end", hour.plus(1, ChronoUnit.HOURS).atOffset(ZoneOffset.UTC))
                .update();
    }

    private void rollDay(Instant day) {
        jdbc.sql("insert into usage_days (container_id, day, tenant_id, " + FIGURES + """
                        )
                        select container_id, :day, tenant_id, sum(samples), sum(resets),
                            sum(seconds), sum(running_seconds), sum(gap_seconds), sum(cpu_micros),
                            sum(vcpu_milli_seconds), sum(memory_byte_seconds), sum(memory_limit_byte_seconds),
                            sum(disk_byte_seconds), sum(received_bytes), sum(sent_bytes), sum(read_bytes), sum(written_bytes)
                        from usage_hours where hour >= :day and hour < :end
                        group by container_id, tenant_id
                        on conflict (container_id, day) do update set\s""" + NEW_FIGURES)
                .param("day", day.atOffset(ZoneOffset.UTC))
                .param("end", day.plus(1, ChronoUnit.DAYS).atOffset(ZoneOffset.UTC))
                .update();
    }
}
