// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the host. */
final class Program {
    private static final int TIMEOUT_SECONDS = 20;

    private Program() {}

    /** Looks where root's PATH would, and in PATH. */
    static Optional<Path> find(String name) {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)),
                        Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Runs it in the calling thread's namespaces.
     *
     * @throws IOException with what it said when it fails
     */
    static String run(String input, List<String> command) throws IOException, InterruptedException {
        Path program = find(command.getFirst())
                .orElseThrow(() -> new IOException("there is no program " + command.getFirst()));
        var builder = new ProcessBuilder(new ArrayList<>(command));
        builder.command().set(0, program.toString());
        Process process = builder.redirectErrorStream(true).start();
        try {
            process.outputWriter().append(input).close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.replaceAll("\\s+", " "));
            }
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
