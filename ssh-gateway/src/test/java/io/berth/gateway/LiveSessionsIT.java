// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.access.AccessRules;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import io.berth.gateway.Harbour.Output;
import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sessions as they are listed, limited and ended, and what is noted of them, by OpenSSH's own client. */
@Timeout(120)
class LiveSessionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Harbour harbour;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    @Test
    void anOpenSessionIsReportedAndEndsWhenThatIsAskedFor() throws Exception {
        try (var session = new Background(harbour.command(harbour.key, "-tt", "demo@127.0.0.1"))) {
            session.type("echo $((40 + 2))\r");
            session.await("42");
            await().atMost(PATIENCE)
                    .until(() -> harbour.platform.reports.stream()
                            .anyMatch(report -> report.path("sessions")
                                            .path(0)
                                            .path("bytesIn")
                                            .asLong(0)
                                    > 0));
            JsonNode open = harbour.platform.reports.getLast().path("sessions").path(0);
            assertThat(open.path("container").asString()).isEqualTo("demo");
            assertThat(open.path("kind").asString()).isEqualTo("shell");
            assertThat(open.path("terminal").asBoolean()).isTrue();
            assertThat(open.path("source").asString()).isEqualTo("127.0.0.1");
            assertThat(open.path("bytesIn").asLong()).isPositive();
            harbour.platform.kill.add(open.path("id").asString());
            assertThat(session.process.waitFor()).isNotZero();
        }
        await().atMost(PATIENCE)
                .until(() -> harbour.platform.reports.getLast().path("sessions").isEmpty());
        assertThat(harbour.events)
                .filteredOn(event -> event.kind() == Kind.SESSION_END)
                .singleElement()
                .satisfies(end -> {
                    assertThat(end.bytesIn()).isPositive();
                    assertThat(end.bytesOut()).isPositive();
                });
    }

    @Test
    void aSilentSessionEndsAndHearsWhyAndOneThatShowsSomethingGoesOn() throws Exception {
        harbour.platform.policy = Map.of("idleSeconds", 5);
        try (var lively = new Background(
                harbour.command(harbour.key, "demo@127.0.0.1", "while echo shown; do sleep 0.1; done"))) {
            lively.await("shown");
            Harbour.Output silent = harbour.ssh("demo@127.0.0.1", "exec sleep 600");
            assertThat(silent.status()).isNotZero();
            assertThat(silent.stderr()).contains("this session was idle for");
            assertThat(lively.process.isAlive()).isTrue();
        }
    }

    @Test
    void aContainerHasAsManySessionsAsItsTenantWants() throws Exception {
        harbour.platform.policy = Map.of("containerSessions", 1);
        try (var session = new Background(harbour.command(harbour.key, "-tt", "demo@127.0.0.1"))) {
            session.type("echo $((40 + 2))\r");
            session.await("42");
            Output second = harbour.ssh("demo@127.0.0.1", "true");
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.stderr()).contains("container 'demo' has 1 sessions open, as many as it may");
        }
        await().atMost(PATIENCE)
                .until(() -> harbour.ssh("demo@127.0.0.1", "true").status() == 0);
    }

    @Test
    void theTenantsMessageOfTheDayComesBeforeAShellAndNothingElse() throws Exception {
        harbour.platform.policy = Map.of("motd", "be kind\n\u001b[31mred");
        Output shell = harbour.ssh("exit\n".getBytes(UTF_8), "-tt", "demo@127.0.0.1");
        assertThat(shell.stdout()).contains("be kind\r\n[31mred\r\n");
        assertThat(harbour.ssh("demo@127.0.0.1", "echo in").stdout()).isEqualTo("in\n");
    }

    @Test
    void everyStepIsNotedWithWhoAndWhence() throws Exception {
        harbour.ssh("demo@127.0.0.1", "echo secret");
        assertThat(harbour.events)
                .extracting(AuditEvent::kind)
                .containsExactly(Kind.LOGIN, Kind.EXEC, Kind.SESSION_END);
        assertThat(harbour.events).allSatisfy(event -> {
            assertThat(event.outcome()).isEqualTo(Outcome.DONE);
            assertThat(event.tenant()).isEqualTo("demo");
            assertThat(event.container()).isEqualTo("demo");
            assertThat(event.key()).startsWith("SHA256:");
            assertThat(event.source()).isEqualTo("127.0.0.1");
        });
        assertThat(harbour.events.get(1).what()).isEqualTo("echo secret");
        assertThat(harbour.events.get(2).session())
                .isEqualTo(harbour.events.get(1).session());
        assertThat(harbour.events.get(2).bytesOut()).isEqualTo(7);
    }

    @Test
    void aRefusedLoginIsNotedWithItsReason() throws Exception {
        harbour.sshWith(harbour.newKey("stranger", "ed25519"), "demo@127.0.0.1", "true");
        assertThat(harbour.events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(Kind.LOGIN);
            assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(event.what()).isEqualTo("UNKNOWN_KEY");
            assertThat(event.userName()).isEqualTo("demo");
            assertThat(event.tenant()).isNull();
        });
    }

    @Test
    void aForwardIsNotedWithItsTargetAndItsBytes() throws Exception {
        String target = "127.0.0.1:" + harbour.port();
        try (var forward = new Background(harbour.command(harbour.key, "-W", target, "demo@127.0.0.1"))) {
            forward.await("SSH-2.0-"); // a client whose input has ended at once may be gone before
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(harbour.events)
                        .extracting(AuditEvent::kind)
                        .contains(Kind.CONNECT, Kind.FORWARD_END));
        assertThat(harbour.events)
                .filteredOn(event -> event.kind() == Kind.FORWARD_END)
                .singleElement()
                .satisfies(end -> {
                    assertThat(end.what()).isEqualTo("tcp:127.0.0.1:" + harbour.port());
                    assertThat(end.bytesOut()).isPositive(); // the greeting of an SSH server
                });
        harbour.platform.rules = new AccessRules(
                Sources.EVERYWHERE,
                null,
                null,
                true,
                true,
                false,
                new ForwardingRules(false, false, false, java.util.List.of(), java.util.List.of()));
        harbour.ssh("-W", "127.0.0.1:22", "demo@127.0.0.1");
        assertThat(harbour.events)
                .filteredOn(event -> event.outcome() == Outcome.REFUSED)
                .singleElement()
                .satisfies(event -> assertThat(event.what()).startsWith("tcp:127.0.0.1:22: "));
    }

    @Test
    void linesInTheLobbyAreNoted() throws Exception {
        harbour.ssh("lobby@127.0.0.1", "whoami");
        assertThat(harbour.events)
                .filteredOn(event -> event.kind() == Kind.LOBBY)
                .singleElement()
                .satisfies(event -> assertThat(event.what()).isEqualTo("whoami"));
    }
}
