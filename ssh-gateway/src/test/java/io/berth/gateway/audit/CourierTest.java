// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import io.berth.gateway.audit.Courier.Delivery.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CourierTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private static AuditEvent event(String what) {
        return AuditEvent.of(
                Kind.EXEC, Outcome.DONE, new Who("demo", "SHA256:x", "web", "192.0.2.7"), Where.NOWHERE, what);
    }

    @Test
    void whatASilentPlatformMissedTheNextProcessDelivers() throws IOException {
        try (var first = new Courier(directory, _ -> Result.SILENT)) {
            first.note(event("one"));
            first.note(event("two"));
        }
        List<String> delivered = new CopyOnWriteArrayList<>();
        try (var second = new Courier(directory, lines -> {
            delivered.addAll(lines.lines().toList());
            return Result.TAKEN;
        })) {
            await().atMost(PATIENCE).until(() -> delivered.size() == 2);
            assertThat(delivered.getFirst()).contains("\"what\":\"one\"").doesNotContain("bytesIn");
            await().atMost(PATIENCE).until(this::isEmpty);
            second.note(event("three"));
            await().atMost(PATIENCE).until(() -> delivered.size() == 3);
        }
    }

    private boolean isEmpty() throws IOException {
        try (var files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void whatIsRefusedStandsInNobodysWay() throws IOException {
        List<String> taken = new CopyOnWriteArrayList<>();
        Spool spool = new Spool(directory, 10);
        spool.append("{\"bad\":1}");
        spool.oldest();
        spool.append("{\"good\":1}");
        try (var courier = new Courier(spool, lines -> {
            if (lines.contains("bad")) {
                return Result.REFUSED;
            }
            taken.add(lines);
            return Result.TAKEN;
        })) {
            courier.note(event("one more"));
            await().atMost(PATIENCE).until(() -> String.join("", taken).contains("one more"));
        }
        assertThat(taken.getFirst()).startsWith("{\"good\":1}\n");
    }

    @Test
    void aFullSpoolLosesTheOldestAndCountsThem() throws IOException {
        Spool spool = new Spool(directory, 2);
        for (int part = 0; part < 3; part++) {
            for (int line = 0; line < 200; line++) {
                spool.append("{\"part\":" + part + "}");
            }
        }
        spool.append("{\"part\":3}");
        assertThat(Files.readString(spool.oldest().orElseThrow()))
                .contains("{\"part\":2}")
                .doesNotContain("{\"part\":1}");
        assertThat(spool.takeLost()).isEqualTo(400);
        assertThat(spool.takeLost()).isZero();
    }

    @Test
    void textsAreCutToWhatThePlatformTakes() {
        assertThat(event("x".repeat(100_000)).what()).hasSize(2048).endsWith("…");
        assertThat(event("a\0b").what()).isEqualTo("a?b");
    }
}
