// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings recordings to the platform while they grow, and takes them from the disk once it has all. Each answer says how much the platform
 * has: it goes on from there, whatever either process forgot.
 */
public final class RecordingCourier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingCourier.class);
    /** The platform takes 256 KiB a request; base64 makes four of three. */
    private static final int MOST_BYTES_A_PART = 128 * 1024;

    private static final Duration PERIOD = Duration.ofSeconds(2); // what a burning machine loses
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final RecordingSpool spool;
    private final Delivery delivery;
    private final Semaphore news = new Semaphore(0);
    private final Map<UUID, Long> known = new HashMap<>();
    private final Thread thread;

    /** How parts reach the platform. */
    @FunctionalInterface
    public interface Delivery {
        /**
         * @param bytes whole lines; may be empty
         * @param ending with the last part
         */
        Answer deliver(Facts facts, long offset, byte[] bytes, @Nullable Ending ending);
    }

    /** What the platform says. */
    public sealed interface Answer {
        /**
         * @param size how much it has
         * @param full it takes no more
         */
        record Has(long size, boolean full) implements Answer {}

        /** It will not have it, now or ever. */
        record Refused() implements Answer {}

        record Silent() implements Answer {}
    }

    public RecordingCourier(RecordingSpool spool, Delivery delivery) {
        this.spool = spool;
        this.delivery = delivery;
        spool.onNews(news::release);
        this.thread = Thread.ofPlatform().daemon().name("recordings").start(this::carry);
    }

    private void carry() {
        try {
            while (true) {
                Duration pause = carryAll() ? PERIOD : AGAIN;
                if (!news.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    continue;
                }
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return false when the platform is silent */
    private boolean carryAll() {
        for (Pending pending : spool.pending()) {
            try {
                if (!carry(pending)) {
                    return false;
                }
            } catch (IOException | RuntimeException e) {
                LOG.error("event=recording-stuck recording={}", pending.facts().id(), e);
            }
        }
        return true;
    }

    private boolean carry(Pending pending) throws IOException {
        UUID id = pending.facts().id();
        long at = known.getOrDefault(id, 0L);
        while (true) {
            byte[] part = spool.read(pending, at, MOST_BYTES_A_PART);
            boolean last = at + part.length == pending.length();
            if (part.length == 0 && pending.ending() == null) {
                return true;
            }
            switch (delivery.deliver(pending.facts(), at, part, last ? pending.ending() : null)) {
                case Answer.Silent() -> {
                    return false;
                }
                case Answer.Refused() -> {
                    if (pending.ending() != null) {
                        setAside(pending);
                    }
                    return true;
                }
                case Answer.Has(long size, boolean full) -> {
                    if (size > pending.length()) { // it has what this disk lost
                        if (pending.ending() != null) {
                            setAside(pending);
                        }
                        return true;
                    }
                    known.put(id, size);
                    if (full) {
                        spool.cut(pending, size);
                        return true; // its end goes with the next round
                    }
                    if (last && size == pending.length()) {
                        return finished(pending);
                    }
                    if (size == at && part.length > 0) {
                        return false; // it says nothing that leads on
                    }
                    at = size;
                }
            }
        }
    }

    private boolean finished(Pending pending) {
        if (pending.ending() != null) {
            known.remove(pending.facts().id());
            spool.remove(pending.facts().id());
        }
        return true;
    }

    private void setAside(Pending pending) throws IOException {
        LOG.error(
                "event=recording-refused recording={}: the platform will not have it; what ends in .refused is yours to look at and remove",
                pending.facts().id());
        known.remove(pending.facts().id());
        spool.setAside(pending);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
