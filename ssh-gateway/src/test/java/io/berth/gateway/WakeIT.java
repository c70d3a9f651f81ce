// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.client.AgentException;
import io.berth.core.protocol.Refusal;
import io.berth.gateway.Harbour.Output;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which login starts a container, by OpenSSH's own client. */
@Timeout(120)
class WakeIT {
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
    void aShellWithATerminalWakesWhatWasStoppedAndSaysSo() throws Exception {
        harbour.platform.stopped = "MEANT";
        Output login = harbour.ssh("echo in; exit\n".getBytes(UTF_8), "-tt", "demo@127.0.0.1");
        assertThat(login.stdout()).contains("in");
        assertThat(login.stderr())
                .contains("berth: container 'demo' is stopped; starting it …")
                .containsPattern("berth: container 'demo' runs, after \\d+\\.\\d\\d s");
        assertThat(harbour.platform.wakes).singleElement().satisfies(wake -> {
            assertThat(wake.path("interactive").asBoolean()).isTrue();
            assertThat(wake.has("secondFactor")).as("what there is not").isFalse();
        });
    }

    @Test
    void aCommandDoesNotWakeWhatWasStoppedOnPurposeAndSaysHow() throws Exception {
        harbour.platform.stopped = "MEANT";
        Output login = harbour.ssh("demo@127.0.0.1", "true");
        assertThat(login.status()).isEqualTo(1);
        assertThat(login.stderr()).contains("container 'demo' is stopped; start it by 'ssh lobby@HOST start demo'");
        Output terminal = harbour.ssh("-tt", "demo@127.0.0.1", "true");
        assertThat(terminal.status()).isEqualTo(1);
        assertThat(harbour.platform.wakes).isEmpty();
        assertThat(harbour.agent.tickets).isEmpty();
    }

    @Test
    void aCommandWakesWhatShouldRun() throws Exception {
        harbour.platform.stopped = "UNMEANT";
        Output login = harbour.ssh("demo@127.0.0.1", "echo in");
        assertThat(login.stdout()).isEqualTo("in\n");
        assertThat(login.status()).isZero();
        assertThat(harbour.platform.wakes)
                .singleElement()
                .satisfies(wake ->
                        assertThat(wake.path("interactive").asBoolean(true)).isFalse());
    }

    @Test
    void aForwardAloneWakesNothing() throws Exception {
        harbour.platform.stopped = "UNMEANT";
        harbour.ssh("-W", "127.0.0.1:" + harbour.port(), "demo@127.0.0.1");
        assertThat(harbour.platform.requests).isNotEmpty();
        assertThat(harbour.platform.wakes).isEmpty();
    }

    @Test
    void whyItDoesNotStartIsToldInThePlatformsWords() throws Exception {
        harbour.platform.stopped = "UNMEANT";
        harbour.platform.wakeRefusal = "the node is full; ask an operator";
        Output login = harbour.ssh("demo@127.0.0.1", "true");
        assertThat(login.status()).isEqualTo(1);
        assertThat(login.stderr()).contains("berth: the container does not start: the node is full; ask an operator");
    }

    @Test
    void aContainerThatStoppedAMomentAgoIsAskedAboutAnew() throws Exception {
        harbour.agent.refusal = new AgentException(Refusal.CONFLICT, "container 'demo' is stopped; start it first");
        Output login = harbour.ssh("demo@127.0.0.1", "true");
        assertThat(login.stderr()).contains("berth: container 'demo' is stopped; start it first");
        assertThat(harbour.platform.requests).hasSize(2);
    }
}
