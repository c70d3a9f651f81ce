// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every container's counters once a minute and keeps what it read, numbered, for a day: so whoever counts it may be away meanwhile, and can tell what
 * it has counted already. A container that ends is read a last time.
 */
final class Meter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Meter.class);

    static final Duration PERIOD = Duration.ofMinutes(1);

    /** A day: about 40 bytes a container and round, zipped, so 60 MB for a thousand containers. */
    private static final int KEPT = 24 * 60;

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Supplier<Collection<Container>> containers;
    private final MeterRounds rounds;
    private final Clock clock;
    private final UUID boot;
    private final Queue<MeterReading> last = new ConcurrentLinkedQueue<>();
    private final Object closing = new Object();
    // a platform thread: what runs here blocks in the kernel
    private final Thread thread = Thread.ofPlatform().daemon().name("meter").unstarted(this::watch);
    private boolean closed;

    Meter(Supplier<Collection<Container>> containers, Path directory, Clock clock) {
        this.containers = containers;
        this.rounds = new MeterRounds(directory, KEPT);
        this.clock = clock;
        this.boot = boot();
    }

    private static UUID boot() {
        try {
            return UUID.fromString(Files.readString(BOOT_ID).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + BOOT_ID, e);
        }
    }

    void start() {
        thread.start();
    }

    private void watch() {
        while (pause()) {
            try {
                round();
            } catch (RuntimeException e) {
                LOG.error("event=meter-round-failed, the next round makes up for its counters", e);
            }
        }
    }

    /** Until the next whole minute. @return false when it is time to end */
    private boolean pause() {
        long period = PERIOD.toMillis();
        long left = period - clock.millis() % period;
        long end = System.nanoTime() + Duration.ofMillis(left).toNanos();
        synchronized (closing) {
            while (!closed && left > 0) {
                try {
                    closing.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
                left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            }
            return !closed;
        }
    }

    /** A container's last reading, before its counters go. */
    void ended(MeterReading reading) {
        last.add(reading);
    }

    /** Reads all of them now. */
    synchronized MeterRound round() {
        Instant at = clock.instant();
        List<MeterReading> readings = new ArrayList<>();
        containers.get().forEach(container -> readings.add(container.figures().reading()));
        List<MeterReading> ends = new ArrayList<>();
        for (MeterReading end = last.poll(); end != null; end = last.poll()) {
            ends.add(end);
        }
        readings.addAll(ends);
        readings.sort(Comparator.comparing(MeterReading::id).thenComparing(MeterReading::at));
        MeterRound round = new MeterRound(rounds.series(), rounds.next(), at, boot, readings);
        try {
            rounds.add(round);
            return round;
        } catch (RuntimeException e) {
            last.addAll(ends);
            throw e;
        }
    }

    /**
     * The first round that is kept and has that number or a greater one.
     *
     * @param series what the number belongs to; of another series, the oldest round is the first
     */
    Optional<MeterRound> from(long series, long number) {
        return rounds.from(rounds.series() == series ? number : 1);
    }

    /** What has ended since the last round is kept for whoever counts next. */
    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
            closing.notifyAll();
        }
        if (!last.isEmpty()) {
            try {
                round();
            } catch (RuntimeException e) {
                LOG.error("event=meter-round-failed, last readings of containers are lost", e);
            }
        }
    }
}
