// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.spec.ContainerId;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * The database is killed (SIGKILL, all of its processes) at points that nobody chose, while containers are made and deleted: what was accepted is done, nothing is done
 * that was not, and nothing stays reserved.
 */
class CrashIT {
    private static final int CLIENTS = 4;
    private static final int CYCLES = 25; // of each: a hundred together
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final AtomicInteger done = new AtomicInteger();

    @Test
    void whatWasAcceptedIsDoneAndNothingStaysReserved(@TempDir Path state) throws Exception {
        long seed = new Random().nextLong();
        try (var postgres = new PostgresServer()) {
            var agent = new RecordingAgent();
            String database = postgres.freshDatabase();
            try (var platform = new RunningPlatform(postgres, database, state, agent)) {
                Api admin = platform.adminToken();
                assertThat(admin.post("/tenants", "{\"name\":\"acme\"}").status())
                        .isEqualTo(201);
                crowd(postgres, admin, new Random(seed));
                await().atMost(PATIENCE).ignoreExceptions().until(() -> unfinished(platform) == 0);
                assertWhole(platform, agent, admin, seed);
            }
        }
    }

    private void crowd(PostgresServer postgres, Api admin, Random random) throws IOException {
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                String prefix = "c" + client + "-";
                clients.add(CompletableFuture.runAsync(() -> cycles(admin, prefix), threads));
            }
            for (int crash = 1; crash <= 3; crash++) {
                int point = crash * CLIENTS * CYCLES / 4 + random.nextInt(CLIENTS * 2);
                await().atMost(PATIENCE)
                        .until(() -> done.get() >= point || clients.stream().allMatch(CompletableFuture::isDone));
                postgres.crash();
            }
            clients.forEach(CompletableFuture::join);
        }
    }

    private void cycles(Api admin, String prefix) {
        for (int i = 0; i < CYCLES; i++) {
            String name = prefix + i;
            String body = "{\"name\":\"" + name + "\",\"image\":\"debian/bookworm\"}";
            Api keyed = admin.with("Idempotency-Key", UUID.randomUUID().toString());
            insist(() -> keyed.post("/tenants/acme/containers", body), 202);
            done.incrementAndGet();
            if (i % 5 != 0) { // every fifth stays
                insist(() -> admin.delete("/tenants/acme/containers/" + name), 202, 404);
            }
            done.incrementAndGet();
        }
    }

    /** As a good client does: the same again while the platform has no answer. */
    private static void insist(Supplier<Api.Answer> request, Integer... wanted) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            Api.Answer answer = request.get();
            assertThat(answer.status()).as(answer.toString()).isIn(202, 404, 503);
            return List.of(wanted).contains(answer.status());
        });
    }

    private static long unfinished(RunningPlatform platform) {
        return platform.bean(JdbcClient.class)
                .sql("select count(*) from operations where state in ('PENDING', 'RUNNING')")
                .query(Long.class)
                .single();
    }

    private static void assertWhole(RunningPlatform platform, RecordingAgent agent, Api admin, long seed) {
        List<JsonNode> rows = admin.get("/tenants/acme/containers?limit=500")
                .json()
                .path("items")
                .valueStream()
                .toList();
        assertThat(rows).as("seed %s", seed).hasSize(CLIENTS * CYCLES / 5);
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.path("state").asString())
                        .as(row.toString())
                        .isEqualTo("RUNNING"));
        assertThat(rows.stream().map(row -> row.path("id").asString()).collect(Collectors.toSet()))
                .as("seed %s: rows and the node's containers", seed)
                .isEqualTo(agent.containers().keySet().stream()
                        .map(ContainerId::toString)
                        .collect(Collectors.toSet()));
        assertThat(admin.get("/quota-drift").json().path("items").size())
                .as("seed %s: reserved is what is there", seed)
                .isZero();
        var jdbc = platform.bean(JdbcClient.class);
        await().until(() -> jdbc.sql("select count(*) from audit_unchained")
                .query(Long.class)
                .single()
                .equals(0L));
        assertThat(admin.get("/audit/verification").json().path("firstBroken").isNull())
                .isTrue();
        assertThat(jdbc.sql("select count(*) from containers where deleted_at is not null")
                        .query(Long.class)
                        .single())
                .as("none was made twice")
                .isEqualTo(CLIENTS * CYCLES * 4 / 5);
    }
}
