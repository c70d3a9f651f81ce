// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The platform's own process: what stands in the way of its start is one line and exit status 1. */
@ExtendWith(SharedPlatform.class)
class StartIT {
    @Test
    void aDatabaseThatDoesNotAnswerIsNamed(@TempDir Path state) throws Exception {
        Path directory = Files.createDirectories(state.resolve("platform"));
        Files.writeString(directory.resolve("gateway.token"), RunningPlatform.GATEWAY_TOKEN);
        Outcome outcome = start(Map.of(
                "BERTH_STATE_DIR", state.toString(),
                "BERTH_HTTP_PORT", "0",
                "BERTH_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/berth"));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines()).as(outcome.toString()).hasSize(1);
        assertThat(outcome.lines().getFirst())
                .startsWith("platform: the database at postgresql://127.0.0.1:1/berth")
                .contains("./berth up")
                .doesNotContain("secret");
    }

    @Test
    void aPortInUseIsNamed(@TempDir Path state) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Outcome outcome = start(Map.of(
                    "BERTH_STATE_DIR", state.toString(),
                    "BERTH_HTTP_PORT", Integer.toString(taken.getLocalPort())));
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.lines()).as(outcome.toString()).hasSize(1);
            assertThat(outcome.lines().getFirst())
                    .contains("port " + taken.getLocalPort() + " is in use")
                    .contains("BERTH_HTTP_PORT");
        }
    }

    @Test
    void aWrongSettingIsNamed() throws Exception {
        Outcome outcome = start(Map.of("BERTH_HTTP_PORT", "http"));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines()).as(outcome.toString()).hasSize(1);
        assertThat(outcome.lines().getFirst()).contains("BERTH_HTTP_PORT='http'");
    }

    @Test
    void aMissingGatewayTokenIsNamed(PostgresServer postgres, @TempDir Path state) throws Exception {
        Outcome outcome = start(Map.of(
                "BERTH_STATE_DIR", state.toString(),
                "BERTH_HTTP_PORT", "0",
                "BERTH_DATABASE_URL", postgres.url(postgres.freshDatabase())));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines()).as(outcome.toString()).hasSize(1);
        assertThat(outcome.lines().getFirst()).contains("gateway.token").contains("./berth up");
    }

    @Test
    void theProcessRunsWithoutAnAgentAndIsReady(PostgresServer postgres, @TempDir Path state) throws Exception {
        Path directory = Files.createDirectories(state.resolve("platform"));
        Files.writeString(directory.resolve("gateway.token"), RunningPlatform.GATEWAY_TOKEN);
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        Process process = process(
                Map.of(
                        "BERTH_STATE_DIR", state.toString(),
                        "BERTH_RUN_DIR", state.toString(),
                        "BERTH_HTTP_PORT", Integer.toString(port),
                        "BERTH_DATABASE_URL", postgres.url(postgres.freshDatabase())),
                state.resolve("log"));
        try {
            await().atMost(60, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .until(() -> URI.create("http://127.0.0.1:" + port + "/actuator/health")
                                    .toURL()
                                    .openConnection()
                                    .getInputStream()
                                    .readAllBytes()
                                    .length
                            > 0);
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aTokenThatIsTooShortIsNamedEvenLate(PostgresServer postgres, @TempDir Path state) throws Exception {
        Path directory = Files.createDirectories(state.resolve("platform"));
        Files.writeString(directory.resolve("gateway.token"), "short");
        Outcome outcome = start(Map.of(
                "BERTH_STATE_DIR", state.toString(),
                "BERTH_HTTP_PORT", "0",
                "BERTH_DATABASE_URL", postgres.url(postgres.freshDatabase())));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines()).as(outcome.toString()).hasSize(1);
        assertThat(outcome.lines().getFirst()).contains("gateway.token").contains("fewer than 32");
    }

    private record Outcome(int status, List<String> lines) {}

    private static Outcome start(Map<String, String> environment) throws Exception {
        Path log = Files.createTempFile("berth-test-start-", ".log");
        try {
            Process process = process(environment, log);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Outcome(process.exitValue(), Files.readAllLines(log, StandardCharsets.UTF_8));
        } finally {
            Files.delete(log);
        }
    }

    private static Process process(Map<String, String> environment, Path log) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                PlatformApplication.class.getName());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }
}
