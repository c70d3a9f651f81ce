// SPDX-License-Identifier: Apache-2.0
package io.berth.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program run to its end. */
record Command(int status, String out, String err) {
    /** Runs it with a closed stdin. */
    static Command run(Path directory, Map<String, String> environment, Duration limit, List<String> argv) {
        return run(directory, environment, limit, argv, new byte[0]);
    }

    static Command run(
            Path directory, Map<String, String> environment, Duration limit, List<String> argv, byte[] stdin) {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            CompletableFuture<byte[]> out = CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
            CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> readAll(process.getErrorStream()));
            try (var in = process.getOutputStream()) {
                in.write(stdin);
            } catch (IOException e) {
                // it ended without reading all: its status tells more
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(argv + " took longer than " + limit + "; it wrote\n" + text(out) + text(err));
            }
            return new Command(process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new UncheckedIOException(argv.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String text(CompletableFuture<byte[]> bytes) {
        return new String(bytes.join(), StandardCharsets.UTF_8);
    }

    private static byte[] readAll(java.io.InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
