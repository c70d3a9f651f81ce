// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.gateway.Harbour.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Terminals, by OpenSSH's client inside script(1), which gives it one of its own. */
@Timeout(120)
class TerminalIT {
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
    void terminalIsOne() throws Exception {
        Output output = harbour.ssh("-tt", "demo@127.0.0.1", "test -t 0 && test -t 1 && test -t 2 && echo yes; exit 3");
        assertThat(output.stdout()).isEqualTo("yes\r\n");
        assertThat(output.status()).isEqualTo(3);
    }

    @Test
    void shellInATerminalEndsWithItsStatus() throws Exception {
        Output output = harbour.ssh("exit 5\n".getBytes(UTF_8), "-tt", "demo@127.0.0.1");
        assertThat(output.status()).isEqualTo(5);
    }

    @Test
    void sizeTypeAndModesArrive() throws Exception {
        Output output = inTerminal(
                "stty rows 33 cols 77 erase ^H; TERM=vt220 exec " + client("stty size; stty -a; echo $TERM"));
        assertThat(output.stdout()).contains("33 77").contains("erase = ^H").contains("vt220");
    }

    @Test
    void newSizeArrives() throws Exception {
        Path ready = harbour.gate("ready");
        Output output = inTerminal("(read -r _ <" + ready + "; stty rows 44 cols 99 </dev/tty) & "
                + client("trap \"stty size; exit\" WINCH; : >" + ready + "; while :; do sleep 0.05; done"));
        assertThat(output.stdout()).contains("44 99");
    }

    @Test
    void outputBeforeTheEndIsWhole() throws Exception {
        Output output = harbour.ssh("-tt", "demo@127.0.0.1", "seq 1 200000");
        String expected = java.util.stream.IntStream.rangeClosed(1, 200_000)
                .mapToObj(i -> i + "\r\n")
                .collect(Collectors.joining());
        assertThat(output.stdout()).isEqualTo(expected);
    }

    @Test
    void childInTheBackgroundDoesNotKeepTheTerminalOpen() throws Exception {
        long start = System.nanoTime();
        Output output = harbour.ssh("-tt", "demo@127.0.0.1", "trap '' HUP; sleep 30 & echo $!; exit 6");
        assertThat(output.status()).isEqualTo(6);
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
        ProcessHandle.of(Long.parseLong(output.stdout().strip())).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void clientThatGoesHangsUpTheTerminal() throws Exception {
        Path started = directory.resolve("started");
        Path mark = directory.resolve("hung-up");
        Process client = new ProcessBuilder(harbour.command(
                        harbour.key,
                        "-tt",
                        "demo@127.0.0.1",
                        "trap 'echo gone >" + mark + "; exit' HUP; : >" + started + "; while :; do sleep 0.05; done"))
                .start();
        await().until(() -> Files.exists(started));
        client.destroyForcibly().waitFor();
        await().until(() -> Files.exists(mark));
        assertThat(mark).exists();
    }

    @Test
    void interruptCharacterReachesTheForeground() throws Exception {
        Path started = directory.resolve("started");
        Process client = new ProcessBuilder(harbour.command(
                        harbour.key,
                        "-tt",
                        "demo@127.0.0.1",
                        "trap 'exit 8' INT; : >" + started + "; while :; do sleep 0.05; done"))
                .start();
        await().until(() -> Files.exists(started));
        client.getOutputStream().write(3);
        client.getOutputStream().flush();
        assertThat(client.waitFor()).isEqualTo(8);
    }

    private String client(String command) {
        return harbour.command(harbour.key, "-tt", "demo@127.0.0.1", command).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    private static Output inTerminal(String script) throws Exception {
        return Harbour.run(List.of("script", "-qec", script, "/dev/null"), new byte[0]);
    }
}
