// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** apparmor_parser(8), as a compiler alone: what comes out is loaded by us. */
record Parser(Path program) {
    static Optional<Parser> find() {
        return Stream.of("/usr/sbin", "/sbin")
                .map(directory -> Path.of(directory, "apparmor_parser"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Parser::new);
    }

    /** @throws LsmException with the parser's own words */
    byte[] compile(String profile) {
        ProcessBuilder builder = new ProcessBuilder(List.of(program.toString(), "--skip-cache", "--stdout"));
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            return run(builder.start(), profile);
        } catch (IOException e) {
            throw new UncheckedIOException("running " + program, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LsmException("interrupted while " + program + " ran", e);
        }
    }

    private byte[] run(Process process, String profile) throws IOException, InterruptedException {
        try {
            CompletableFuture<String> complaints = CompletableFuture.supplyAsync(
                    () -> read(process), task -> Thread.ofVirtual().start(task));
            try (var input = process.outputWriter(StandardCharsets.US_ASCII)) {
                input.write(profile);
            }
            byte[] compiled = process.getInputStream().readAllBytes();
            int status = process.waitFor();
            if (status != 0) {
                throw new LsmException(
                        program + " exited " + status + ": " + complaints.join().strip());
            }
            return compiled;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Process process) {
        try {
            return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).replace('\n', ' ');
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
