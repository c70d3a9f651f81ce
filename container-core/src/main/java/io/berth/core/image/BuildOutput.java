// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FdInputStream;
import io.berth.core.linux.Signal;
import io.berth.core.plan.Spawner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** What a build says, a line at a time, however long it makes them. */
final class BuildOutput {
    private static final int LINES_KEPT = 12;
    private static final int MOST_CHARACTERS = 1000;

    private final Deque<String> last = new ArrayDeque<>();
    private final Consumer<String> progress;

    /**
     * How it ended.
     *
     * @param last of its lines
     */
    record Ended(ExitStatus status, List<String> last) {}

    private BuildOutput(Consumer<String> progress) {
        this.progress = progress;
    }

    /** Blocks until a build has ended; one that can't be followed is killed. */
    static Ended follow(Spawner.Running process, Fd output, Consumer<String> progress) {
        var lines = new BuildOutput(progress);
        boolean followed = false;
        try {
            // execve closes the report's pipe; a failed step throws
            process.report().next().ifPresent(message -> {
                throw new IllegalStateException("unexpected " + message);
            });
            lines.relay(output);
            followed = true;
        } catch (IOException e) {
            throw new UncheckedIOException("reading what the build says", e);
        } finally {
            if (!followed) {
                process.child().kill(Signal.SIGKILL); // unshare's --kill-child takes the rest along
            }
        }
        return new Ended(process.child().waitFor(), List.copyOf(lines.last));
    }

    private void relay(Fd output) throws IOException {
        try (Reader characters =
                new BufferedReader(new InputStreamReader(new FdInputStream(output), StandardCharsets.UTF_8))) {
            var line = new StringBuilder();
            for (int next = characters.read(); next >= 0; next = characters.read()) {
                if (next == '\n') {
                    tell(line.toString());
                    line.setLength(0);
                } else if (line.length() < MOST_CHARACTERS) {
                    line.append((char) next);
                }
            }
            if (!line.isEmpty()) {
                tell(line.toString());
            }
        }
    }

    private void tell(String line) {
        progress.accept(line);
        last.addLast(line);
        if (last.size() > LINES_KEPT) {
            last.removeFirst();
        }
    }
}
