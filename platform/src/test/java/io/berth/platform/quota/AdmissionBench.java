// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.platform.testing.Api;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * How long a container's admission takes, asked so many times a second whatever the answers take, and that the quota is never exceeded: {@code berth bench
 * admission}. Client and platform share this process; what was accepted is made meanwhile by an agent that does nothing. fsync is on.
 */
final class AdmissionBench {
    private static final int RATE = Integer.getInteger("berth.bench.rate", 100);
    private static final int SECONDS = Integer.getInteger("berth.bench.seconds", 20);

    /** Not counted: classes are loaded and compiled, connections opened, statements planned. */
    private static final int WARM_UP_SECONDS = 20;

    private AdmissionBench() {}

    /** What a request was answered with, and how long after it was due. */
    private record Answered(int status, long nanos) {}

    public static void main(String[] arguments)
            throws IOException, SQLException, InterruptedException, ExecutionException {
        Path state = Files.createTempDirectory("berth-bench-admission-");
        try (PostgresServer postgres = new PostgresServer()) {
            String database = postgres.freshDatabase();
            try (Connection connection = postgres.connect("postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute("alter system set fsync = on");
                statement.execute("select pg_reload_conf()");
            }
            try (RunningPlatform platform = new RunningPlatform(postgres, database, state, new RecordingAgent())) {
                run(platform.adminToken(), postgres.process());
            }
        } finally {
            FileSystemUtils.deleteRecursively(state);
        }
    }

    private static void run(Api admin, ProcessHandle postgres) throws InterruptedException, ExecutionException {
        long warmed = (long) RATE * WARM_UP_SECONDS;
        long asked = (long) RATE * SECONDS;
        admin.post("/tenants", "{\"name\":\"bench\"}");
        admin.put("/tenants/bench/quota", "{\"hard\":{\"containers\":" + warmed + "}}");
        long warm = times(ask(admin, "w", warmed), 202).length;
        long quota = warm + asked * 3 / 4; // the last quarter is refused
        admin.put("/tenants/bench/quota", "{\"hard\":{\"containers\":" + quota + "}}");
        Duration before = spent(ProcessHandle.current());
        Duration database = spent(postgres);
        List<Answered> answers = ask(admin, "c", asked);
        before = spent(ProcessHandle.current()).minus(before);
        database = spent(postgres).minus(database);
        long[] accepted = times(answers, 202);
        long[] refused = times(answers, 409);
        String used = admin.get("/tenants/bench/quota")
                .json()
                .path("resources")
                .valueStream()
                .filter(line -> line.path("resource").asString().equals("CONTAINERS"))
                .map(line -> line.path("used").asString())
                .findFirst()
                .orElse("?");
        System.out.printf("requests a second                %,12d%n", RATE);
        System.out.printf("accepted, p50 ms                 %,12.2f%n", percentile(accepted, 50));
        System.out.printf("accepted, p99 ms                 %,12.2f%n", percentile(accepted, 99));
        System.out.printf("refused, p50 ms                  %,12.2f%n", percentile(refused, 50));
        System.out.printf(
                "accepted, refused, anything else %,6d %,6d %,6d%n",
                accepted.length, refused.length, answers.size() - accepted.length - refused.length);
        System.out.printf("processor ms a request, all      %,12.2f%n", millis(before, asked));
        System.out.printf("  of that the database's         %,12.2f%n", millis(database, asked));
        System.out.printf("quota, used of it                %,6d %6s%n", quota, used);
        boolean isAllAnswered = accepted.length + refused.length == asked;
        if (isAllAnswered ? accepted.length + warm != quota : accepted.length + warm > quota) {
            System.out.println("NOT what the quota says");
            System.exit(1);
        }
        if (!used.equals(Long.toString(accepted.length + warm))) {
            System.out.println("NOT what was accepted");
            System.exit(1);
        }
    }

    /** By a process and what it has begun, client and operations included. */
    private static Duration spent(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(it -> it.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static double millis(Duration spent, long requests) {
        return spent.toNanos() / 1e6 / requests;
    }

    private static List<Answered> ask(Api admin, String prefix, long times)
            throws InterruptedException, ExecutionException {
        List<Future<Answered>> futures = new ArrayList<>();
        long begun = System.nanoTime();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < times; i++) {
                long due = begun + TimeUnit.SECONDS.toNanos(i) / RATE;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                String body = "{\"name\":\"" + prefix + i + "\",\"image\":\"debian/bookworm\",\"start\":false}";
                futures.add(clients.submit(() -> {
                    int status = admin.post("/tenants/bench/containers", body).status();
                    return new Answered(status, System.nanoTime() - due);
                }));
            }
        }
        List<Answered> answers = new ArrayList<>();
        for (Future<Answered> future : futures) {
            answers.add(future.get());
        }
        return answers;
    }

    private static long[] times(List<Answered> answers, int status) {
        return answers.stream()
                .filter(answer -> answer.status() == status)
                .mapToLong(Answered::nanos)
                .sorted()
                .toArray();
    }

    private static double percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) * percent / 100] / 1e6;
    }
}
