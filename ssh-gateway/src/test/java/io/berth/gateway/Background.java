// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A client that runs beside the test, and is typed to. */
final class Background implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Process process;
    private final StringBuilder shown = new StringBuilder();

    Background(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread.startVirtualThread(this::read);
    }

    private void read() {
        try (var out = process.inputReader(UTF_8)) {
            for (int next = out.read(); next >= 0; next = out.read()) {
                synchronized (shown) {
                    shown.append((char) next);
                }
            }
        } catch (IOException e) {
            // ended
        }
    }

    /** Until it has shown that, after what was awaited before. */
    void await(String text) {
        Awaitility.await(text).atMost(PATIENCE).until(() -> taken(text));
    }

    private boolean taken(String text) {
        synchronized (shown) {
            int found = shown.indexOf(text);
            if (found < 0) {
                return false;
            }
            shown.delete(0, found + text.length());
            return true;
        }
    }

    void type(String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    void awaitFile(Path file) {
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(file));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
