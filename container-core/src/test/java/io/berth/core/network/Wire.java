// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An interface's raw frames, by wire.py: sent as they are, or seen after whatever the bridge has let through. */
final class Wire implements AutoCloseable {
    /** In each frame of a test; what else passes is left out. */
    static final String MARK = "berth-mark";

    private static final int PATIENCE_SECONDS = 30;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private Wire(NetworkNamespace in, Path directory, String... arguments) throws Exception {
        Path script = directory.resolve("wire.py");
        if (!Files.exists(script)) {
            try (InputStream source = Objects.requireNonNull(Wire.class.getResourceAsStream("wire.py"))) {
                Files.copy(source, script);
            }
        }
        List<String> command = new ArrayList<>(List.of("python3", script.toString()));
        command.addAll(List.of(arguments));
        process = in.in(() -> new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        output = process.inputReader(StandardCharsets.US_ASCII);
        input = process.outputWriter(StandardCharsets.US_ASCII);
        assertThat(output.readLine()).isEqualTo("ready");
    }

    /** Sends; done when the frame is on the wire. */
    static final class Sender implements AutoCloseable {
        private final Wire wire;

        Sender(NetworkNamespace in, String device, Path directory) throws Exception {
            wire = new Wire(in, directory, "send", device);
        }

        void send(byte[] frame) throws IOException {
            wire.input.write(HexFormat.of().formatHex(frame) + "\n");
            wire.input.flush();
            assertThat(wire.output.readLine()).isEqualTo("sent");
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    /** Sees. */
    static final class Watch implements AutoCloseable {
        private final Wire wire;
        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final Object more = new Object();

        Watch(NetworkNamespace in, String device, Path directory) throws Exception {
            wire = new Wire(in, directory, "watch", device, MARK);
            Thread.ofPlatform().daemon().name("watch " + device).start(this::read);
        }

        private void read() {
            try {
                for (String line = wire.output.readLine(); line != null; line = wire.output.readLine()) {
                    synchronized (more) {
                        seen.add(line);
                        more.notifyAll();
                    }
                }
            } catch (IOException e) {
                seen.add("watching ended: " + e);
            }
        }

        /** Whether it has come by now. */
        boolean has(String mark) {
            String hex = HexFormat.of().formatHex(mark.getBytes(StandardCharsets.US_ASCII));
            return seen.stream().anyMatch(frame -> frame.contains(hex));
        }

        void await(String mark) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            synchronized (more) {
                while (!has(mark)) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    assertThat(left).as("time left for '%s'", mark).isPositive();
                    more.wait(left);
                }
            }
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
