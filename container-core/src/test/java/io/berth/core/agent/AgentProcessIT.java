// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.client.AgentConnection;
import io.berth.core.client.AgentException;
import io.berth.core.protocol.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process: how it starts, refuses to, and ends. Needs root. */
final class AgentProcessIT {
    @TempDir
    private Path directory;

    private Map<String, String> environment;
    private AgentConnection client;
    private Process first;

    @BeforeEach
    void start() throws IOException {
        // users that every Debian has
        environment = new HashMap<>(Map.of(
                "BERTH_STATE_DIR", directory.resolve("state").toString(),
                "BERTH_RUN_DIR", directory.resolve("run").toString(),
                "BERTH_PLATFORM_USER", "daemon",
                "BERTH_GATEWAY_USER", "bin",
                "BERTH_MONITOR_USER", "nobody"));
        client = new AgentConnection(directory.resolve("run/agent.sock"));
        first = launch();
        awaitPing();
    }

    @AfterEach
    void stop() throws InterruptedException {
        first.destroyForcibly().waitFor();
    }

    private Process launch() throws IOException {
        return ChildJvm.builder(environment, ChildJvm.command(RecordingAgent.class))
                .start();
    }

    private void awaitPing() {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(AgentException.class)
                .until(() -> {
                    client.done(new Request.Ping());
                    return true;
                });
    }

    private static String stderr(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aSecondAgentOnTheSameStateFailsInOneLine() throws Exception {
        environment.put("BERTH_RUN_DIR", directory.resolve("elsewhere").toString());
        Process second = launch();
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(stderr(second))
                .hasLineCount(1)
                .startsWith("berth agent: another agent already runs on this state")
                .contains("./berth down");
        client.done(new Request.Ping());
    }

    @Test
    void aSecondAgentOnTheSameSocketFailsInOneLine() throws Exception {
        environment.put("BERTH_STATE_DIR", directory.resolve("other").toString());
        Process second = launch();
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(stderr(second)).contains("another process listens at");
        client.done(new Request.Ping());
    }

    @Test
    void afterAKillTheNextOneTakesOver() throws Exception {
        first.destroyForcibly().waitFor();
        assertThat(directory.resolve("run/agent.sock")).exists();
        first = launch();
        awaitPing();
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void sigtermEndsItAtOnceWithAWatcherConnected() throws Exception {
        Thread watcher = Thread.ofPlatform().start(() -> {
            try {
                client.watch(event -> {});
            } catch (AgentException e) {
                assertThat(e).hasMessageContaining("does not answer");
            }
        });
        first.toHandle().destroy(); // Process.destroy would close its streams too
        assertThat(first.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(stderr(first)).contains("event=ready", "event=stopped").doesNotContain("let-go-unfinished");
        assertThat(Files.exists(directory.resolve("run/agent.sock"))).isFalse();
        watcher.join();
    }

    @Test
    void shutdownEndsItWithStatusZero() throws Exception {
        client.done(new Request.Shutdown(1));
        assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isZero();
    }

    @Test
    void aMissingUserIsOneLineWithTheCure() throws Exception {
        environment.put("BERTH_GATEWAY_USER", "no-such-user");
        Process second = launch();
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(stderr(second)).hasLineCount(1).contains("BERTH_GATEWAY_USER='no-such-user'", "./berth up makes it");
    }

    @Test
    void everyLogLineIsOneEventOfKeysAndValues() throws Exception {
        first.toHandle().destroy(); // Process.destroy would close its streams too
        assertThat(first.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(stderr(first).lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("time=\\S+Z level=\\w+ logger=\\w+ thread=\\S+ event=.*"));
    }
}
