// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Counts rounds of readings, each once, however often it comes and from however many replicas: all of a round in one transaction. */
@Component
class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** How far a node's clock may be ahead: a wrong one must not make parts of tables for times to come. */
    private static final Duration MOST_AHEAD = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final TransactionTemplate transaction;
    private final Partitions partitions;
    private final MeteredContainers containers;
    private final Clock clock;

    Intake(
            JdbcClient jdbc,
            JdbcTemplate template,
            TransactionTemplate transaction,
            Partitions partitions,
            MeteredContainers containers,
            Clock clock) {
        this.jdbc = jdbc;
        this.template = template;
        this.transaction = transaction;
        this.partitions = partitions;
        this.containers = containers;
        this.clock = clock;
    }

    /** How far a node's rounds are counted; 0 before the first. */
    record Progress(long series, long lastNumber) {}

    Progress progress(UUID node) {
        return jdbc.sql("select series, last_number from meters where node_id = :node")
                .param("node", node)
                .query((row, number) -> new Progress(row.getLong("series"), row.getLong("last_number")))
                .optional()
                .orElse(new Progress(0, 0));
    }

    /** @return false when it has been counted before */
    boolean take(UUID node, MeterRound round) {
        Set<Instant> times = round.readings().stream()
                .map(reading -> reading.at().truncatedTo(ChronoUnit.SECONDS))
                .collect(Collectors.toSet());
        String unfit = unfit(times);
        if (unfit == null) {
            times.stream().map(at -> at.truncatedTo(ChronoUnit.DAYS)).distinct().forEach(partitions::prepare);
        }
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!claim(node, round)) {
                return false;
            }
            if (unfit == null) {
                count(round);
            } else {
                LOG.error("event=round-not-counted node={} round={} reason=\"{}\"", node, round.number(), unfit);
                lose(node, round.series(), round.number(), round.number(), unfit);
            }
            return true;
        }));
    }

    private @Nullable String unfit(Set<Instant> times) {
        Instant latest = clock.instant().plus(MOST_AHEAD);
        if (times.stream().anyMatch(at -> at.isAfter(latest))) {
            return "the node's clock is ahead";
        }
        Instant oldest = partitions.oldestSample();
        return times.stream().anyMatch(at -> at.isBefore(oldest)) ? "older than samples are kept" : null;
    }

    private boolean claim(UUID node, MeterRound round) {
        jdbc.sql("insert into meters (node_id, series, last_number) values (:node, :series, 0) on conflict do nothing")
                .param("node", node)
                .param("series", round.series())
                .update();
        Progress before = jdbc.sql("select series, last_number from meters where node_id = :node for update")
                .param("node", node)
                .query((row, number) -> new Progress(row.getLong("series"), row.getLong("last_number")))
                .single();
        boolean goesOn = round.series() == before.series();
        if (goesOn && round.number() <= before.lastNumber()) {
            return false;
        }
        long expected = goesOn ? before.lastNumber() + 1 : 1;
        if (round.number() > expected && (goesOn || before.lastNumber() > 0)) {
            lose(node, round.series(), expected, round.number() - 1, "the node keeps them no more");
        }
        jdbc.sql("""
                        update meters set series = :series, last_number = :number, last_at = :at, boot = :boot
                        where node_id = :node
                        """)
                .param("series", round.series())
                .param("number", round.number())
                .param("at", round.at().atOffset(ZoneOffset.UTC))
                .param("boot", round.boot())
                .param("node", node)
                .update();
        return true;
    }

    private void lose(UUID node, long series, long first, long last, String reason) {
        jdbc.sql("""
                        insert into meter_losses (node_id, series, first_number, last_number, reason)
                        values (:node, :series, :first, :last, :reason)
                        """)
                .param("node", node)
                .param("series", series)
                .param("first", first)
                .param("last", last)
                .param("reason", reason)
                .update();
    }

    private void count(MeterRound round) {
        Set<UUID> ids =
                round.readings().stream().map(reading -> reading.id().value()).collect(Collectors.toSet());
        Map<UUID, LastReading> last = new LinkedHashMap<>(containers.find(ids));
        SampleLines lines = new SampleLines(round.number());
        Set<Instant> hours = new HashSet<>();
        for (MeterReading reading : round.readings()) { // of one container in the order of time
            LastReading before = last.get(reading.id().value());
            if (before != null) { // else nobody owes it; see stray containers
                Increment increment = Increment.between(before, reading);
                lines.add(reading, increment);
                hours.add(hour(increment.at()));
                last.put(before.container(), before.with(increment));
            }
        }
        hours.forEach(this::markUnrolled);
        template.execute((Connection connection) -> {
            copy(connection, lines.bytes());
            containers.save(connection, last.values());
            return true;
        });
    }

    /** That a sample belongs to: one at its end, not one at its beginning. */
    static Instant hour(Instant at) {
        return at.minusSeconds(1).truncatedTo(ChronoUnit.HOURS);
    }

    private void markUnrolled(Instant hour) {
        jdbc.sql("insert into meter_unrolled (hour) values (:hour) on conflict do nothing")
                .param("hour", hour.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static void copy(Connection connection, byte[] lines) throws SQLException {
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(SampleLines.COPY, new ByteArrayInputStream(lines));
        } catch (IOException e) {
            throw new UncheckedIOException("copying samples", e);
        }
    }
}
