// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A program of the host's, for work that is rare: making and mounting filesystems, removing large trees. */
final class Program {
    private Program() {}

    /**
     * Runs it to its end; an interrupt kills it.
     *
     * @return what it printed, on both outputs
     * @throws IOException when there is no such program
     * @throws StorageException when it fails, with its own words
     */
    static String run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            CompletableFuture<String> printed =
                    CompletableFuture.supplyAsync(() -> read(process), Program::inBackground);
            int status = process.waitFor();
            String output = printed.join().strip();
            if (status != 0) {
                throw failed(command, "exit status " + status + (output.isEmpty() ? "" : ": " + output), null);
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(command, "cut short", e);
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Apart from who waits: a read can't be interrupted. */
    private static void inBackground(Runnable work) {
        Thread.ofVirtual().name("program-output").start(work);
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading what a program prints", e);
        }
    }

    private static StorageException failed(List<String> command, String reason, @Nullable Throwable cause) {
        return new StorageException(String.join(" ", command) + ": " + reason.replace('\n', ' '), cause);
    }
}
