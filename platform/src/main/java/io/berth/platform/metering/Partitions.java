// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Parts of the tables of usage: a day of samples, a month of hours and of days. A part that is too old is dropped, which takes no longer than
 * forgetting a file, and leaves nothing to be vacuumed.
 */
@Component
class Partitions {
    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

    /** A month that is billed, and ten days to ask about it in. At ten thousand containers a day takes 3.7 GB. */
    private static final int DAYS_OF_SAMPLES = 40;

    /** Of hours: what may be asked of an invoice's lines for two years, and while those are written. Days stay. */
    private static final int MONTHS_OF_HOURS = 26;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd");
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuuMM");

    /** Held while parts come and go; any number that nothing else takes will do. */
    private static final long LOCK = 0x6265727468_11L;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Set<String> made = ConcurrentHashMap.newKeySet();

    Partitions(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** The first moment that samples are kept of. */
    Instant oldestSample() {
        return clock.instant()
                .atZone(ZoneOffset.UTC)
                .toLocalDate()
                .minusDays(DAYS_OF_SAMPLES)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
    }

    /** Makes room for samples, and the usage, of that moment. */
    void prepare(Instant at) {
        LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
        make("meter_samples", day.format(DAY), day, day.plusDays(1));
        // the sample at midnight belongs to the hour before
        for (YearMonth month : List.of(YearMonth.from(day), YearMonth.from(day.minusDays(1)))) {
            make(
                    "usage_hours",
                    month.format(MONTH),
                    month.atDay(1),
                    month.plusMonths(1).atDay(1));
            make(
                    "usage_days",
                    month.format(MONTH),
                    month.atDay(1),
                    month.plusMonths(1).atDay(1));
        }
    }

    private void make(String table, String suffix, LocalDate from, LocalDate to) {
        String name = table + "_" + suffix;
        if (made.contains(name)) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            lock();
            jdbc.sql("create table if not exists " + name + " partition of " + table + " for values from ('" + from
                            + "T00:00:00Z') to ('" + to + "T00:00:00Z')")
                    .update();
        });
        made.add(name);
    }

    private void lock() {
        jdbc.sql("select pg_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query((row, number) -> true)
                .single();
    }

    /** Once an hour, and in time before each day begins: making a part must not wait for whoever reads the others. */
    @Scheduled(fixedRateString = "PT1H", initialDelayString = "PT1M")
    void keep() {
        prepare(clock.instant());
        prepare(clock.instant().plus(1, ChronoUnit.DAYS));
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        dropBefore("meter_samples", today.minusDays(DAYS_OF_SAMPLES).format(DAY));
        dropBefore(
                "usage_hours",
                YearMonth.from(today).minusMonths(MONTHS_OF_HOURS).format(MONTH));
    }

    private void dropBefore(String table, String suffix) {
        jdbc.sql("""
                        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                        where i.inhparent = cast(:table as regclass) and c.relname < :oldest order by 1
                        """)
                .param("table", table)
                .param("oldest", table + "_" + suffix)
                .query((row, number) -> row.getString(1))
                .list()
                .forEach(part -> transaction.executeWithoutResult(status -> {
                    lock();
                    jdbc.sql("drop table if exists " + part).update(); // a name of our own making
                    made.remove(part);
                    LOG.info("event=partition-dropped table={}", part);
                }));
    }
}
