// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.gateway.Harbour.Output;
import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Kind;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Terminals that are recorded, by OpenSSH's client, up to what the platform has of them. */
@Timeout(120)
class RecordingIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
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

    private void wish(boolean required, boolean input, boolean full) {
        harbour.platform.policy = Map.of("recording", Map.of("required", required, "input", input, "full", full));
    }

    /** Once the platform has it all. */
    private List<JsonNode> cast() throws Exception {
        await().until(() -> harbour.platform.endings.size() == 1);
        return lines(harbour.platform.recordings.values().iterator().next().toString(UTF_8));
    }

    private static List<JsonNode> lines(String cast) {
        return cast.lines().map(JSON::readTree).toList();
    }

    private static String all(List<JsonNode> cast, String code) {
        return cast.stream()
                .skip(1)
                .filter(event -> event.get(1).asString().equals(code))
                .map(event -> event.get(2).asString())
                .collect(Collectors.joining());
    }

    @Test
    void whatIsShownIsInTheCastByteForByte() throws Exception {
        wish(false, false, false);
        String command = "seq 1 20000; printf 'h\\303\\244fen \\342\\232\\223 \\033[31mred\\033[0m'; exit 3";
        Output output = harbour.ssh("-tt", HERE, command);
        assertThat(output.status()).isEqualTo(3);
        assertThat(output.stderr()).contains("berth: this session is recorded, as tenant 'demo' wishes: what is shown");
        List<JsonNode> cast = cast();
        assertThat(all(cast, "o"))
                .isEqualTo(output.stdout())
                .startsWith("1\r\n")
                .endsWith("häfen ⚓ \033[31mred\033[0m");
        JsonNode header = cast.getFirst();
        assertThat(header.get("version").asInt()).isEqualTo(2);
        assertThat(header.get("command").asString()).isEqualTo(command);
        assertThat(header.get("timestamp").asLong()).isPositive();
        JsonNode end = harbour.platform.endings.values().iterator().next();
        assertThat(end.get("how").asString()).isEqualTo("WHOLE");
        assertThat(end.get("container").asString()).isEqualTo("demo");
        await().until(this::isSpoolEmpty);
    }

    private boolean isSpoolEmpty() throws Exception {
        try (var files = Files.list(directory.resolve("recordings"))) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void whatIsTypedIsKeptOnlyWhereTheTerminalEchoesIt() throws Exception {
        wish(true, true, false);
        Path go = fifo(
                "go"); // else the shell may turn the echo off before the gateway has looked again, and what was typed
        // is left out
        Process client = new ProcessBuilder(harbour.command(
                        harbour.key,
                        "-tt",
                        HERE,
                        "read name; : <" + go + "; read -s -p 'password: ' word; echo; echo ${#word}; read more"))
                .start();
        try (var in = client.getOutputStream()) {
            InputStream out = client.getInputStream();
            type(in, "ann\n");
            await().until(this::hasInput);
            open(go);
            awaitText(out, "password: ");
            type(in, "hunter2\n");
            awaitText(out, "7\r\n");
            type(in, "bye\n");
            assertThat(client.waitFor()).isZero();
        }
        List<JsonNode> cast = cast();
        assertThat(all(cast, "i")).isEqualTo("ann\nbye\n");
        assertThat(cast.toString()).doesNotContain("hunter2");
    }

    private boolean hasInput() throws Exception {
        try (var files = Files.list(directory.resolve("recordings"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".cast")).toList()) {
                if (Files.readString(file).contains("\"i\"")) {
                    return true;
                }
            }
            return false;
        }
    }

    private static void type(java.io.OutputStream to, String text) throws Exception {
        to.write(text.getBytes(UTF_8));
        to.flush();
    }

    /** The far shell waits at it until {@link #open}. */
    private Path fifo(String name) throws Exception {
        Path fifo = directory.resolve(name);
        Harbour.run(List.of("mkfifo", fifo.toString()), new byte[0]);
        return fifo;
    }

    private static void open(Path fifo) throws Exception {
        Files.newOutputStream(fifo, StandardOpenOption.WRITE).close();
    }

    private static void awaitText(InputStream from, String text) throws Exception {
        var seen = new StringBuilder();
        while (!seen.toString().contains(text)) {
            int next = from.read();
            assertThat(next).as(seen.toString()).isNotNegative();
            seen.append((char) next);
        }
    }

    @Test
    void aNewSizeIsInTheCast() throws Exception {
        wish(false, false, false);
        Path ready = harbour.gate("ready");
        String client = harbour
                .command(harbour.key, "-tt", HERE, "trap 'exit' WINCH; : >" + ready + "; while :; do sleep 0.05; done")
                .stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Harbour.run(
                List.of(
                        "script",
                        "-qec",
                        "stty rows 33 cols 77; (read -r _ <" + ready + "; stty rows 44 cols 99 </dev/tty) & " + client,
                        "/dev/null"),
                new byte[0]);
        List<JsonNode> cast = cast();
        assertThat(cast.getFirst().get("width").asInt()).isEqualTo(77);
        assertThat(cast.getFirst().get("height").asInt()).isEqualTo(33);
        assertThat(all(cast, "r")).endsWith("99x44"); // stty sets one after the other
    }

    @Test
    void withoutATerminalNothingIsRecordedAndNothingSaid() throws Exception {
        wish(true, true, false);
        Output output = harbour.ssh(HERE, "echo plain");
        assertThat(output.stdout()).isEqualTo("plain\n");
        assertThat(output.stderr()).doesNotContain("recorded");
        assertThat(isSpoolEmpty()).isTrue();
    }

    @Test
    void thePlatformsOutageInTheMiddleLosesNothing() throws Exception {
        wish(true, false, false);
        Path go = fifo("go");
        Process client = new ProcessBuilder(
                        harbour.command(harbour.key, "-tt", HERE, "seq 1 3000; : <" + go + "; seq 3001 6000"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("seen").toFile())
                .start();
        await().until(() -> harbour.platform.recordings.values().stream().anyMatch(it -> it.size() > 10_000));
        harbour.platform.silentRecordings = true;
        open(go);
        assertThat(client.waitFor()).isZero();
        assertThat(harbour.platform.endings).isEmpty();
        harbour.platform.silentRecordings = false;
        assertThat(all(cast(), "o"))
                .isEqualTo(
                        IntStream.rangeClosed(1, 6000).mapToObj(i -> i + "\r\n").collect(Collectors.joining()));
    }

    @Test
    void aSessionThatMustBeRecordedAndCannotBeIsRefused() throws Exception {
        wish(true, false, true);
        Path ran = directory.resolve("ran");
        Output output = harbour.ssh("-tt", HERE, ": >" + ran);
        assertThat(output.status()).isEqualTo(1);
        assertThat(output.stderr())
                .contains("berth: this session must be recorded and can't be: this tenant's recordings have filled");
        assertThat(ran).doesNotExist();
        assertThat(harbour.events).extracting(AuditEvent::kind).contains(Kind.RECORDING);
        assertThat(harbour.ssh(HERE, "echo no terminal").status()).isZero();
    }

    @Test
    void anUnwritableSpoolRefusesWhoMustBeRecordedAndWarnsWhoWishesIt() throws Exception {
        Path spool = directory.resolve("recordings");
        Files.delete(spool);
        Files.writeString(spool, "no directory");
        wish(true, false, false);
        Output refused = harbour.ssh("-tt", HERE, "echo in");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.stderr()).contains("can't be: the gateway's disk does not take it");
        wish(false, false, false);
        Output warned = harbour.ssh("-tt", HERE, "echo in");
        assertThat(warned.stdout()).isEqualTo("in\r\n");
        assertThat(warned.stderr()).contains("berth: this session is not recorded: the gateway's disk");
        Files.delete(spool);
    }

    @Test
    void whereTheTenantsLimitIsReachedInTheMiddleAWishIsGivenUpAndWhatMustBeRecordedEnds() throws Exception {
        harbour.platform.recordingLimit = 2000;
        wish(false, false, false);
        Path go = fifo("go");
        String command = "seq 1 1000; : <" + go + "; echo on";
        Process wished = new ProcessBuilder(harbour.command(harbour.key, "-tt", HERE, command))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("seen").toFile())
                .start();
        await().untilAsserted(() -> assertThat(directory.resolve("seen"))
                .content()
                .contains("berth: this session is no longer recorded: this tenant's recordings have filled"));
        open(go);
        assertThat(wished.waitFor()).isZero();
        await().untilAsserted(() -> assertThat(harbour.platform.endings.values())
                .extracting(end -> end.get("how").asString())
                .containsExactly("CUT"));
        wish(true, false, false);
        Output ended = harbour.ssh("-tt", HERE, "seq 1 1000; exec sleep 60");
        assertThat(ended.stderr()).contains("this session must be recorded and no longer can be: this tenant's");
        assertThat(ended.status()).isEqualTo(255);
    }
}
