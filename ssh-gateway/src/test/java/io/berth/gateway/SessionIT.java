// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.client.AgentException;
import io.berth.core.protocol.Refusal;
import io.berth.gateway.Harbour.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands and pipes, by OpenSSH's client. */
@Timeout(120)
class SessionIT {
    private static final int MIB = 1024 * 1024;

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
    void exitStatusArrives() throws Exception {
        assertThat(harbour.ssh("demo@127.0.0.1", "exit 0").status()).isZero();
        assertThat(harbour.ssh("demo@127.0.0.1", "exit 42").status()).isEqualTo(42);
        assertThat(harbour.ssh("demo@127.0.0.1", "exit 255").status()).isEqualTo(255);
    }

    @Test
    void exitSignalArrives() throws Exception {
        Output output = harbour.ssh("-v", "demo@127.0.0.1", "kill -TERM $$");
        assertThat(output.status()).isEqualTo(255);
        assertThat(output.stderr()).contains("rtype exit-signal");
    }

    @Test
    void stdoutAndStderrStaySeparate() throws Exception {
        Output output = harbour.ssh("demo@127.0.0.1", "echo out; echo err >&2");
        assertThat(output.stdout()).isEqualTo("out\n");
        assertThat(output.stderr()).endsWith("err\n");
    }

    @Test
    void shellReadsItsCommandsFromStdin() throws Exception {
        Output output = harbour.ssh("echo from a shell\nexit 7\n".getBytes(UTF_8), "demo@127.0.0.1");
        assertThat(output.stdout()).endsWith("from a shell\n");
        assertThat(output.status()).isEqualTo(7);
    }

    @Test
    void eightMebibytesPassBothWaysUnchanged() throws Exception {
        byte[] data = random(8 * MIB);
        for (String cipher : new String[] {
            "aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr"
        }) {
            Output output = harbour.ssh(data, "-c", cipher, "demo@127.0.0.1", "cat");
            assertThat(output.status()).as(output.stderr()).isZero();
            assertThat(output.bytes()).as(cipher).isEqualTo(data);
        }
    }

    @Test
    void stderrIsBinaryCleanAndWholeToo() throws Exception {
        Output output = harbour.ssh("demo@127.0.0.1", "head -c 3000000 /dev/zero | tr '\\0' e >&2");
        assertThat(output.stderr()).contains("e".repeat(3_000_000));
    }

    @Test
    void inputIsWrittenWholeBeforeTheEnd() throws Exception {
        Path file = directory.resolve("upload");
        byte[] data = random(8 * MIB);
        assertThat(harbour.ssh(data, "demo@127.0.0.1", "cat >" + file).status()).isZero();
        assertThat(file).hasBinaryContent(data);
    }

    @Test
    void endOfInputReachesTheProcess() throws Exception {
        assertThat(harbour.ssh("hi\n".getBytes(UTF_8), "demo@127.0.0.1", "cat; echo end")
                        .stdout())
                .isEqualTo("hi\nend\n");
    }

    @Test
    void closedStdoutDoesNotEndTheProcess() throws Exception {
        Output output = harbour.ssh("demo@127.0.0.1", "exec 1>&-; read -t 0.5 <> <(:); exit 3");
        assertThat(output.status()).isEqualTo(3);
    }

    @Test
    void stderrFlowsAfterStdoutWasClosed() throws Exception {
        Output output = harbour.ssh("demo@127.0.0.1", "echo one; exec 1>&-; echo two >&2; exit 4");
        assertThat(output.stdout()).isEqualTo("one\n");
        assertThat(output.stderr()).endsWith("two\n");
        assertThat(output.status()).isEqualTo(4);
    }

    @Test
    void childThatHoldsThePipesKeepsTheChannelOpen() throws Exception {
        Output output = harbour.ssh("demo@127.0.0.1", "(sleep 0.5; echo late) & echo early; exit 5");
        assertThat(output.stdout()).isEqualTo("early\nlate\n");
        assertThat(output.status()).isEqualTo(5);
    }

    @Test
    void statusArrivesAfterTheEndOfBothDirections() throws Exception {
        Path go = harbour.gate("go");
        Process client = new ProcessBuilder(harbour.command(
                        harbour.key, "demo@127.0.0.1", "exec 0<&- 1>&- 2>&-; read -r _ <" + go + "; exit 7"))
                .start();
        client.getOutputStream().close();
        assertThat(client.getInputStream().readAllBytes()).isEmpty(); // the end of output comes before the process's
        Harbour.release(go);
        assertThat(client.waitFor()).isEqualTo(7);
    }

    @Test
    void processThatReadsNothingDoesNotBlockItsClient() throws Exception {
        Output output = harbour.ssh(random(8 * MIB), "demo@127.0.0.1", "exec 0<&-; exit 6");
        assertThat(output.status()).isEqualTo(6);
    }

    @Test
    void hangUpReachesAProcessWithoutTerminal() throws Exception {
        // without stderr: what bash says of its own hung-up child would meet a closed pipe and kill it before its trap
        Path started = directory.resolve("started");
        Path mark = directory.resolve("hung-up");
        Process client = new ProcessBuilder(harbour.command(
                        harbour.key,
                        "demo@127.0.0.1",
                        "exec 2>/dev/null; trap 'echo gone >" + mark + "; exit' HUP; : >" + started
                                + "; while :; do sleep 0.05; done"))
                .start();
        await().until(() -> started.toFile().exists());
        client.destroyForcibly().waitFor();
        await().atMost(Duration.ofSeconds(10)).until(() -> mark.toFile().exists());
        assertThat(mark).exists();
    }

    @Test
    void onlyListedVariablesArrive() throws Exception {
        Output output = harbour.ssh(
                "-o",
                "SetEnv=LC_TIME=de_DE.UTF-8 LANG=C COLORTERM=truecolor LD_PRELOAD=evil.so",
                "demo@127.0.0.1",
                "echo $LANG $LC_TIME $COLORTERM [$LD_PRELOAD]");
        assertThat(output.stdout()).isEqualTo("C de_DE.UTF-8 truecolor []\n");
    }

    @Test
    void stoppedContainerSaysSoOnStderr() throws Exception {
        harbour.agent.refusal =
                new AgentException(Refusal.CONFLICT, "container 'demo' is stopped; start it in the portal or by REST");
        Output output = harbour.ssh("demo@127.0.0.1", "true");
        assertThat(output.stderr()).endsWith("berth: container 'demo' is stopped; start it in the portal or by REST\n");
        assertThat(output.stdout()).isEmpty();
        assertThat(output.status()).isEqualTo(1);
    }

    @Test
    void failureOfOursIsStatus255() throws Exception {
        harbour.agent.refusal = new AgentException(Refusal.FAILED, "the node agent does not answer");
        Output output = harbour.ssh("demo@127.0.0.1");
        assertThat(output.stderr()).endsWith("berth: the node agent does not answer\n");
        assertThat(output.status()).isEqualTo(255);
    }

    @Test
    void missingContainerSaysSoOnStderr() throws Exception {
        Output output = harbour.ssh("other@127.0.0.1", "true");
        assertThat(output.stderr()).endsWith("berth: there is no container 'other'; make it first\n");
        assertThat(output.status()).isEqualTo(1);
    }

    @Test
    void subsystemThatNobodyKnowsIsRefused() throws Exception {
        Output output = harbour.ssh("-s", "demo@127.0.0.1", "netconf");
        assertThat(output.stderr()).contains("subsystem request failed on channel 0");
        assertThat(output.status()).isEqualTo(255);
    }

    @Test
    void programsSeeWhereTheirClientIs() throws Exception {
        Output output = harbour.ssh("demo@127.0.0.1", "echo $SSH_CONNECTION; echo $SSH_CLIENT; echo [$SSH_TTY]");
        assertThat(output.stdout())
                .matches("127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 " + harbour.port() + "\n127\\.0\\.0\\.1 \\d+ "
                        + harbour.port() + "\n\\[]\n");
    }

    @Test
    void endlessOutputEndsWithItsReader() throws Exception {
        List<String> line = new ArrayList<>(List.of("bash", "-c", "\"$@\" | head -n 3", "bash"));
        line.addAll(harbour.command(harbour.key, "demo@127.0.0.1", "yes"));
        Output output = Harbour.run(line, new byte[0]);
        assertThat(output.stdout()).isEqualTo("y\ny\ny\n");
    }

    @Test
    void eachLaterChannelHasATicketOfItsOwn() throws Exception {
        Path socket = directory.resolve("mux");
        Process master = new ProcessBuilder(
                        harbour.command(harbour.key, "-M", "-S", socket.toString(), "-N", "demo@127.0.0.1"))
                .start();
        try {
            await().until(() -> socket.toFile().exists());
            for (int i = 0; i < 3; i++) {
                Output output = harbour.ssh("-S", socket.toString(), "demo@127.0.0.1", "echo " + i);
                assertThat(output.stdout()).isEqualTo(i + "\n");
            }
            assertThat(harbour.agent.tickets).containsExactly("ticket-1", "ticket-2", "ticket-3");
        } finally {
            master.destroyForcibly(); // a SIGTERM just before its poll(2) is forgotten by ssh 9.2
            master.waitFor();
        }
    }

    @Test
    void sessionsOfOneConnectionRunSideBySide() throws Exception {
        Path socket = directory.resolve("mux");
        Process master = new ProcessBuilder(
                        harbour.command(harbour.key, "-M", "-S", socket.toString(), "-N", "demo@127.0.0.1"))
                .start();
        try {
            await().until(() -> socket.toFile().exists());
            Process waiting = new ProcessBuilder(
                            harbour.command(harbour.key, "-S", socket.toString(), "demo@127.0.0.1", "cat; exit 9"))
                    .start();
            byte[] data = random(2 * MIB);
            assertThat(harbour.ssh(data, "-S", socket.toString(), "demo@127.0.0.1", "cat")
                            .bytes())
                    .isEqualTo(data);
            waiting.getOutputStream().close();
            assertThat(waiting.waitFor()).isEqualTo(9);
        } finally {
            master.destroyForcibly(); // a SIGTERM just before its poll(2) is forgotten by ssh 9.2
            master.waitFor();
        }
    }

    @Test
    void ticketThatIsAboutToExpireIsNotUsed() throws Exception {
        harbour.platform.ticketSeconds = 9;
        assertThat(harbour.ssh("demo@127.0.0.1", "true").status()).isZero();
        assertThat(harbour.agent.tickets).containsExactly("ticket-2");
    }

    private static byte[] random(int length) {
        byte[] data = new byte[length];
        new Random(1).nextBytes(data);
        return data;
    }
}
