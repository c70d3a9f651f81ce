// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the platform which sessions are open, and ends those that it says; ends those that are silent for too long by itself. */
final class SessionReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionReports.class);
    /** Also how long somebody who ends a session waits. */
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final LiveSessions sessions;
    private final PlatformDesk desk;
    private final String gateway;
    private final Thread thread;
    private boolean quiet;

    /** @param gateway the fingerprint of its host key */
    SessionReports(LiveSessions sessions, PlatformDesk desk, String gateway) {
        this.sessions = sessions;
        this.desk = desk;
        this.gateway = gateway;
        this.thread = Thread.ofPlatform().daemon().name("sessions").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(PERIOD.toMillis());
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        try {
            sessions.endIdle(Instant.now());
            var open = sessions.all();
            if (open.isEmpty() && quiet) {
                return; // the platform knows that there are none
            }
            for (UUID id : desk.report(gateway, open)) {
                sessions.kill(id);
            }
            quiet = open.isEmpty();
        } catch (PlatformSilentException e) {
            quiet = false;
            LOG.debug("event=platform-silent cause={}", Printable.line(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("event=sessions-not-reported", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
