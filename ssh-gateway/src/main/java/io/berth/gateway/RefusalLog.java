// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;

/** Notes refused connections without letting a flood of them fill the disk: up to ten lines a second and reason, and how many more there were. */
final class RefusalLog {
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int MOST_LINES = 10;

    private final Logger log;
    private final Map<Refusal, Window> windows = new EnumMap<>(Refusal.class);

    private static final class Window {
        private Instant start = Instant.MIN;
        private int lines;
        private long unlogged;
    }

    RefusalLog(Logger log) {
        this.log = log;
    }

    void refused(Refusal reason, SocketAddress source, Instant now) {
        Window window = windows.computeIfAbsent(reason, _ -> new Window());
        if (!window.start.plus(WINDOW).isAfter(now)) {
            window.start = now;
            window.lines = 0;
        }
        if (window.lines++ < MOST_LINES) {
            log.info("event=connection-refused reason={} source={} unlogged={}", reason, source, window.unlogged);
            window.unlogged = 0;
        } else {
            window.unlogged++;
        }
    }
}
