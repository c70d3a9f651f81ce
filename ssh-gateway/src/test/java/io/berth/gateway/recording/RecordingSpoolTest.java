// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.gateway.recording.RecordingCourier.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RecordingSpoolTest {
    private static final UUID ID = UUID.fromString("019aa000-0000-7000-8000-000000000000");

    @TempDir
    Path directory;

    private static Facts facts() {
        return new Facts(ID, "demo", "web", "root", "SHA256:x", "192.0.2.7", Instant.EPOCH, 80, 24, true, "vi \"a\"");
    }

    private static void show(Recording recording, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        recording.shown(bytes, 0, bytes.length);
    }

    /** A process of its own, which is killed in the middle of its work. */
    static final class Writer {
        public static void main(String[] args) throws Exception {
            var spool = new RecordingSpool(Path.of(args[0]), 1 << 20);
            Recording recording = spool.begin(facts(), "xterm", _ -> {});
            recording.begun();
            for (int line = 1; ; line++) {
                show(recording, "line " + line + "\r\n");
                System.out.write('.');
                System.out.flush();
            }
        }
    }

    @Test
    void aKilledGatewayLosesNothingThatWasShownAndTheNextOneBringsIt() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int shown = 0;
        try (InputStream dots = writer.getInputStream()) {
            while (shown < 300 && dots.read() == '.') {
                shown++;
            }
            writer.toHandle().destroyForcibly(); // SIGKILL, and its last dots can still be read
            while (dots.read() == '.') {
                shown++;
            }
        }
        writer.waitFor();
        Files.writeString(directory.resolve(ID + ".cast"), "[1.5, \"o\", \"half", StandardOpenOption.APPEND);
        var brought = new ByteArrayOutputStream();
        List<Ending> ends = new ArrayList<>();
        carry(new RecordingSpool(directory, 1 << 20), (facts, offset, bytes, ending) -> {
            assertThat(facts).isEqualTo(facts());
            brought.writeBytes(bytes);
            if (ending != null) {
                ends.add(ending);
            }
            return new Answer.Has(offset + bytes.length, false);
        });
        assertThat(files()).isEmpty();
        assertThat(ends).extracting(Ending::how).containsExactly(Ending.How.INTERRUPTED);
        String cast = brought.toString(UTF_8);
        assertThat(cast)
                .contains("\"line " + shown + "\\r\\n\"")
                .endsWith("\"]\n")
                .doesNotContain("half");
        assertThat(cast.lines().count()).isBetween(shown + 1L, shown + 2L); // one may have been shown and not told
    }

    /** The courier of a process, until that ends. */
    private static void carry(RecordingSpool spool, RecordingCourier.Delivery delivery) {
        var courier = new RecordingCourier(spool, delivery);
        try {
            await().until(spool::isEmpty);
        } finally {
            courier.close();
        }
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theCastIsAsciicastAndNobodyElseReadsIt() throws Exception {
        var spool = new RecordingSpool(directory, 1 << 20);
        Recording recording = spool.begin(facts(), "xterm", _ -> {});
        recording.begun();
        byte[] umlaut = "ä".getBytes(UTF_8);
        recording.shown(umlaut, 0, 1);
        recording.shown(umlaut, 1, 1);
        recording.shown(new byte[] {(byte) 0xff, 'x', 0x1b, (byte) 0xc3}, 0, 4);
        recording.resized(132, 43);
        recording.end();
        List<String> lines = Files.readAllLines(directory.resolve(ID + ".cast"));
        assertThat(lines.getFirst())
                .isEqualTo("{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":0,\"command\":\"vi \\\"a\\\"\","
                        + "\"title\":\"root@web\",\"env\":{\"TERM\":\"xterm\"}}");
        assertThat(lines.subList(1, lines.size()).stream().map(line -> line.substring(line.indexOf(','))))
                .containsExactly(
                        ", \"o\", \"ä\"]",
                        ", \"o\", \"\uFFFDx\\u001B\"]",
                        ", \"r\", \"132x43\"]",
                        ", \"o\", \"\uFFFD\"]");
        for (String file : files()) {
            assertThat(Files.getPosixFilePermissions(directory.resolve(file)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void aFullSpoolTellsOnceAndTakesNoMoreUntilThereIsRoom() throws Exception {
        var spool = new RecordingSpool(directory, 1000);
        List<String> told = new ArrayList<>();
        Recording recording = spool.begin(facts(), "xterm", told::add);
        recording.begun();
        show(recording, "x".repeat(500));
        assertThat(told).isEmpty();
        show(recording, "x".repeat(500));
        show(recording, "more");
        assertThat(told).singleElement().asString().contains("no more room");
        Pending pending = spool.pending().getFirst();
        assertThat(pending.ending()).isNotNull().extracting(Ending::how).isEqualTo(Ending.How.CUT);
        assertThat(Files.size(directory.resolve(ID + ".cast"))).isEqualTo(pending.length());
        show(recording, "x".repeat(100));
        spool.remove(ID);
        assertThat(spool.isEmpty()).isTrue();
        var again = spool.begin(facts(), "xterm", told::add);
        again.discard();
        assertThat(files()).isEmpty();
        assertThatThrownBy(() -> new RecordingSpool(directory, 10).begin(facts(), "xterm", told::add))
                .isInstanceOf(RecordingFailedException.class);
    }

    @Test
    void eachPartGoesOnFromWhatThePlatformHasWhateverItForgot() throws Exception {
        var spool = new RecordingSpool(directory, 1 << 20);
        Recording recording = spool.begin(facts(), "xterm", _ -> {});
        recording.begun();
        for (int i = 0; i < 40; i++) {
            show(recording, "y".repeat(8000));
        }
        recording.end();
        byte[] whole = Files.readAllBytes(directory.resolve(ID + ".cast"));
        var kept = new AtomicReference<>(new byte[0]);
        List<Ending> ends = new ArrayList<>();
        var lost = new AtomicBoolean();
        carry(spool, (_, offset, bytes, ending) -> {
            byte[] has = kept.get();
            if (has.length > 100_000 && !lost.getAndSet(true)) { // it was given an older backup
                kept.set(new byte[0]);
                return new Answer.Has(0, false);
            }
            if (offset == has.length) {
                var more = new ByteArrayOutputStream();
                more.writeBytes(has);
                more.writeBytes(bytes);
                kept.set(more.toByteArray());
                if (ending != null) {
                    ends.add(ending);
                }
            }
            return new Answer.Has(kept.get().length, false);
        });
        assertThat(kept.get()).isEqualTo(whole);
        assertThat(ends).extracting(Ending::how).containsExactly(Ending.How.WHOLE);
    }
}
