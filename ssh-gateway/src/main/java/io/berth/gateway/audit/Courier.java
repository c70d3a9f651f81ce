// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Brings events to the platform: each at least once, in their order, whatever becomes of either process meanwhile. */
public final class Courier implements Journal, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    /** 96 MiB on disk: a busy gateway's day. */
    private static final int MOST_PARTS = 512;

    private static final Duration GATHER = Duration.ofMillis(200); // a login and its session go together
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Spool spool;
    private final Delivery delivery;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    /** How lines reach the platform. */
    public interface Delivery {
        /** What came of it. */
        enum Result {
            TAKEN,
            /** It will not have them, now or ever. */
            REFUSED,
            SILENT
        }

        /** @param lines JSON objects, one a line */
        Result deliver(String lines);
    }

    public Courier(Path directory, Delivery delivery) throws IOException {
        this(new Spool(directory, MOST_PARTS), delivery);
    }

    Courier(Spool spool, Delivery delivery) {
        this.spool = spool;
        this.delivery = delivery;
        this.thread = Thread.ofPlatform().daemon().name("audit").start(this::carry);
        news.release(); // what the last process left
    }

    @Override
    public void note(AuditEvent event) {
        try {
            spool.append(JSON.writeValueAsString(event));
        } catch (IOException e) {
            LOG.error("event=audit-lost what={} cause=\"the disk does not take it\"", event.kind(), e);
        }
        news.release();
    }

    private void carry() {
        try {
            while (true) {
                news.acquire();
                TimeUnit.MILLISECONDS.sleep(GATHER.toMillis());
                news.drainPermits();
                while (!carryAll()) {
                    TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return false when the platform is silent */
    private boolean carryAll() {
        try {
            tellLost();
            for (Optional<Path> part = spool.oldest(); part.isPresent(); part = spool.oldest()) {
                switch (delivery.deliver(Files.readString(part.get()))) {
                    case TAKEN -> spool.delete(part.get());
                    case REFUSED -> {
                        LOG.error(
                                "event=audit-refused part={}: the platform will not have it; it is thrown away",
                                part.get());
                        spool.delete(part.get());
                    }
                    case SILENT -> {
                        return false;
                    }
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return true; // it was the oldest when the spool was full
        } catch (IOException e) {
            LOG.error("event=audit-stuck", e);
            return false;
        }
    }

    private void tellLost() {
        long lost = spool.takeLost();
        if (lost > 0) {
            LOG.error(
                    "event=audit-lost events={} cause=\"the platform was silent for so long that the spool is full\"",
                    lost);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
