// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Gathers lines of progress, so that a chatty build is not a write to the database per line. */
final class ProgressLines implements Consumer<String> {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int MOST_LINE_CHARACTERS = 1000;
    private static final int MOST_CHARACTERS = 16_384;

    private final Consumer<String> sink;
    private final Clock clock;
    private final StringBuilder gathered = new StringBuilder();
    private Instant writtenAt = Instant.EPOCH;

    ProgressLines(Consumer<String> sink, Clock clock) {
        this.sink = sink;
        this.clock = clock;
    }

    @Override
    public synchronized void accept(String line) {
        String text = line.replace('\0', ' ');
        gathered.append(text, 0, Math.min(text.length(), MOST_LINE_CHARACTERS)).append('\n');
        boolean isDue = clock.instant().isAfter(writtenAt.plus(PAUSE));
        if (isDue || gathered.length() > MOST_CHARACTERS) {
            flush();
        }
    }

    synchronized void flush() {
        if (!gathered.isEmpty()) {
            sink.accept(gathered.toString());
            gathered.setLength(0);
            writtenAt = clock.instant();
        }
    }
}
