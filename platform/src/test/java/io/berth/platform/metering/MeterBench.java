// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import io.berth.platform.node.LocalNode;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/** How many samples a second the platform counts, and what they take on disk: {@code berth bench metering}. fsync is on. */
final class MeterBench {
    private static final int CONTAINERS = Integer.getInteger("berth.bench.containers", 10_000);
    private static final int ROUNDS = Integer.getInteger("berth.bench.rounds", 60);
    private static final int ROUNDS_A_DAY = 24 * 60;
    private static final Limits LIMITS = new Limits(1L << 30, 1000, 100);

    private MeterBench() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        Path state = Files.createTempDirectory("berth-bench-metering-");
        try (PostgresServer postgres = new PostgresServer()) {
            String database = postgres.freshDatabase();
            try (Connection connection = postgres.connect("postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute("alter system set fsync = on");
                statement.execute("select pg_reload_conf()");
            }
            try (RunningPlatform platform = new RunningPlatform(postgres, database, state, new RecordingAgent())) {
                run(platform);
            }
        } finally {
            FileSystemUtils.deleteRecursively(state);
        }
    }

    private static void run(RunningPlatform platform) {
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        UUID node = platform.bean(LocalNode.class).id();
        List<ContainerId> containers = containers(jdbc);
        Instant begin = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(3, ChronoUnit.HOURS);
        Intake intake = platform.bean(Intake.class);
        long slowest = 0;
        long started = System.nanoTime();
        for (int number = 1; number <= ROUNDS; number++) {
            MeterRound round = round(containers, begin, number);
            long at = System.nanoTime();
            intake.take(node, round);
            slowest = Math.max(slowest, System.nanoTime() - at);
        }
        Duration all = Duration.ofNanos(System.nanoTime() - started);
        long rolling = System.nanoTime();
        platform.bean(RollUp.class).run();
        Duration rolled = Duration.ofNanos(System.nanoTime() - rolling);
        long rows = (long) CONTAINERS * ROUNDS;
        long bytes = size(jdbc, "meter_samples");
        System.out.printf("containers                       %,12d%n", CONTAINERS);
        System.out.printf("samples ingested                 %,12d%n", rows);
        System.out.printf("samples a second                 %,12.0f%n", rows / (all.toMillis() / 1000.0));
        System.out.printf("needed, at one a minute          %,12.0f%n", CONTAINERS / 60.0);
        System.out.printf(
                "slowest round                    %,12d ms%n",
                Duration.ofNanos(slowest).toMillis());
        System.out.printf("roll-up of the hour and its day  %,12d ms%n", rolled.toMillis());
        System.out.printf("samples, bytes a row with index  %,12.0f%n", (double) bytes / rows);
        System.out.printf("samples, growth a day            %,12d MB%n", bytes / ROUNDS * ROUNDS_A_DAY / 1_000_000);
        System.out.printf(
                "hours, bytes a row with indexes  %,12.0f%n",
                (double) size(jdbc, "usage_hours") / count(jdbc, "usage_hours"));
    }

    private static List<ContainerId> containers(JdbcClient jdbc) {
        UUID tenant = UUID.randomUUID();
        List<ContainerId> containers = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            UUID id = UUID.randomUUID();
            ids.add(id);
            containers.add(new ContainerId(id));
        }
        jdbc.sql("""
                        insert into metered_containers (container_id, tenant_id, name, at)
                        select id, :tenant, 'box', now() - interval '1 day' from unnest(cast(:ids as uuid[])) as w (id)
                        """)
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .update();
        return containers;
    }

    private static MeterRound round(List<ContainerId> containers, Instant begin, long number) {
        Instant at = begin.plus(number, ChronoUnit.MINUTES);
        List<MeterReading> readings = containers.stream()
                .map(id -> new MeterReading(
                        id,
                        at,
                        begin,
                        LIMITS,
                        number * 1_234_567,
                        123_456_789L,
                        9_876_543_210L,
                        number * 7_654_321,
                        number * 7_654_321,
                        number * 7_654_321,
                        number * 7_654_321))
                .toList();
        return new MeterRound(1, number, at, new UUID(0, 1), readings);
    }

    private static long size(JdbcClient jdbc, String table) {
        return jdbc.sql("""
                        select sum(pg_total_relation_size(inhrelid)) from pg_inherits
                        where inhparent = cast(:table as regclass)
                        """).param("table", table).query(Long.class).single();
    }

    private static long count(JdbcClient jdbc, String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }
}
