// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.gateway.Harbour.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logins while the platform is silent: by its last yes, for as long as that was signed for, and for nobody else. */
@Timeout(120)
class StandbyIT {
    private static final String HERE = "demo@127.0.0.1";

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

    private void assertIn(Output output) {
        assertThat(output.status()).as(output.stderr()).isZero();
    }

    private void assertOut(Output output, Banner banner) {
        assertThat(output.status()).isEqualTo(255);
        assertThat(output.stderr()).contains(banner.line());
    }

    @Test
    void whoWasHereBeforeGoesOnAndIsToldUntilWhen() throws Exception {
        assertIn(harbour.ssh(HERE, "true"));
        harbour.platform.close();
        assertThat(harbour.ssh(HERE, "echo in").stdout()).isEqualTo("in\n");
        assertThat(harbour.agent.tickets.getLast()).startsWith("standby-");
        assertThat(harbour.ssh("-tt", HERE, "true").stderr())
                .contains("the platform does not answer; logins like this one go on until 20");
    }

    @Test
    void anotherKeyAnotherNameAndTheLobbyAreClosed() throws Exception {
        assertIn(harbour.ssh(HERE, "true"));
        Path other = harbour.newKey("other", "ed25519");
        harbour.allow(other);
        harbour.platform.close();
        assertOut(harbour.sshWith(other, HERE, "true"), Banner.TRY_AGAIN);
        assertOut(harbour.ssh("www-data+" + HERE, "true"), Banner.TRY_AGAIN);
        assertOut(harbour.ssh("lobby@127.0.0.1", "ls"), Banner.LOBBY_CLOSED);
    }

    @Test
    void aNoTakesBackWhatWasKept() throws Exception {
        assertIn(harbour.ssh(HERE, "true"));
        harbour.decide(harbour.key, "UNKNOWN_KEY");
        assertOut(harbour.ssh(HERE, "true"), Banner.NO_ACCESS);
        harbour.platform.close();
        assertOut(harbour.ssh(HERE, "true"), Banner.TRY_AGAIN);
    }

    @Test
    void itEndsWithTheTicket() throws Exception {
        assertIn(harbour.ssh(HERE, "true"));
        harbour.platform.close();
        harbour.clock.forward(Duration.ofMinutes(61));
        assertOut(harbour.ssh(HERE, "true"), Banner.TRY_AGAIN);
    }

    @Test
    void itIsRenewedFromHalfOfItsLifeOn() throws Exception {
        assertIn(harbour.ssh(HERE, "true"));
        harbour.standby.minute();
        assertThat(harbour.platform.requests).noneMatch(request -> request.has("renewal"));
        harbour.platform.standbySeconds = 7200;
        harbour.clock.forward(Duration.ofMinutes(31));
        harbour.standby.minute();
        assertThat(harbour.platform.requests)
                .last()
                .matches(request -> request.get("renewal").asBoolean());
        harbour.platform.close();
        harbour.clock.forward(Duration.ofMinutes(60));
        assertIn(harbour.ssh(HERE, "true"));
    }

    @Test
    void aKeyThatWasRemovedIsForgottenWithoutAnybodyLoggingIn() throws Exception {
        assertIn(harbour.ssh(HERE, "true"));
        harbour.decide(harbour.key, "UNKNOWN_KEY");
        harbour.clock.forward(Duration.ofMinutes(31));
        harbour.standby.minute();
        harbour.platform.close();
        assertOut(harbour.ssh(HERE, "true"), Banner.TRY_AGAIN);
    }

    @Test
    void aGatewayThatStartsWithoutAPlatformHasTheTicketsOfTheOneBefore() throws Exception {
        assertIn(harbour.ssh(HERE, "true"));
        Path key = harbour.key;
        String ticket = "standby-" + harbour.agent.tickets.getLast().replaceFirst(".*-", "");
        harbour.close();
        Files.move(key, directory.resolve("old"));
        assertThat(Files.getPosixFilePermissions(directory.resolve("standby.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        harbour = new Harbour(directory);
        harbour.platform.close();
        assertThat(harbour.sshWith(directory.resolve("old"), HERE, "echo in").stdout())
                .isEqualTo("in\n");
        assertThat(harbour.agent.tickets).containsExactly(ticket);
        assertOut(harbour.ssh(HERE, "true"), Banner.TRY_AGAIN);
    }

    @Test
    void aFileThatWasDamagedIsAsGoodAsNone() throws Exception {
        harbour.close();
        Files.delete(harbour.key);
        Files.writeString(directory.resolve("standby.json"), "{\"lines\":[{\"userName\":");
        harbour = new Harbour(directory);
        assertIn(harbour.ssh(HERE, "true"));
    }

    @Test
    void aPlatformThatHangsHoldsNobodyUpWhoWasHereBefore() throws Exception {
        assertIn(harbour.ssh(HERE, "true"));
        harbour.platform.answering.acquire();
        try {
            assertIn(harbour.ssh(HERE, "true")); // waits for a moment
            int asked = harbour.platform.hung();
            for (int i = 0; i < 3; i++) {
                assertIn(harbour.ssh(HERE, "true")); // and these don't even ask
            }
            assertThat(harbour.platform.hung()).isEqualTo(asked).isEqualTo(1);
            harbour.clock.forward(Duration.ofSeconds(11));
        } finally {
            harbour.platform.answering.release();
        }
        assertIn(harbour.ssh(HERE, "true"));
        assertThat(harbour.agent.tickets.getLast()).startsWith("ticket-");
    }

    @Test
    void aPlatformThatGivesNoneIsAskedEveryTime() throws Exception {
        harbour.platform.standbySeconds = 0;
        assertIn(harbour.ssh(HERE, "true"));
        harbour.platform.close();
        assertOut(harbour.ssh(HERE, "true"), Banner.TRY_AGAIN);
    }
}
