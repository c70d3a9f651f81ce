// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.ContainerId;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every running container again and again, and tells when one begins or ends to differ from policy. One look costs about two
 * milliseconds of one CPU; a round is spread evenly over its interval. The first round comes at once: what an earlier agent left is looked at
 * as soon as it is picked up.
 */
final class DriftWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    private final Supplier<Collection<Container>> containers;
    private final Duration interval;
    private final boolean freezes;
    private final Consumer<Reply> events;
    private final Clock clock;
    private final Map<ContainerId, Reply.Drift> known = new ConcurrentSkipListMap<>();
    private final Object closing = new Object();
    // a platform thread: what runs here blocks in the kernel
    private final Thread thread = Thread.ofPlatform().daemon().name("drift").unstarted(this::watch);
    private boolean closed;

    DriftWatch(
            Supplier<Collection<Container>> containers, RuntimeSettings settings, Consumer<Reply> events, Clock clock) {
        this.containers = containers;
        this.interval = settings.passportInterval();
        this.freezes = settings.freezeOnDrift();
        this.events = events;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        Duration pace = Duration.ZERO;
        while (pause(pace)) {
            List<Container> round = List.copyOf(containers.get());
            for (Container container : round) {
                if (!pause(pace)) {
                    return;
                }
                look(container);
            }
            known.keySet().retainAll(round.stream().map(Container::id).collect(Collectors.toSet()));
            pace = interval.dividedBy(round.size() + 1L);
        }
    }

    /** @return false when it is time to end */
    private boolean pause(Duration length) {
        synchronized (closing) {
            long end = System.nanoTime() + length.toNanos();
            for (long left = length.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
                try {
                    closing.wait(Math.max(1, left / 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return !closed;
        }
    }

    /** All of them, now. */
    void sweep() {
        containers.get().forEach(this::look);
    }

    private void look(Container container) {
        if (!container.isRunning()) {
            forget(container.id());
            return;
        }
        try {
            note(container, container.figures().passport());
        } catch (ContainerException e) {
            LOG.debug(
                    "event=not-looked-at container={} reason={}", container.id(), e.getMessage()); // it has just ended
        } catch (RuntimeException e) {
            LOG.warn("event=not-looked-at container={}, ignoring until the next round", container.id(), e);
        }
    }

    /** For one that does not run there is no drift. */
    private void forget(ContainerId id) {
        Reply.Drift last = known.remove(id);
        if (last != null && !last.lines().isEmpty()) {
            events.accept(new Reply.Drift(id, clock.instant(), List.of()));
        }
    }

    /** Tells what has changed since the last look; the first look is told in any case. */
    void note(Container container, ContainerPassport passport) {
        Reply.Drift now = new Reply.Drift(passport.id(), passport.takenAt(), passport.drift());
        boolean isNews = tellChange(now);
        if (freezes
                && isNews
                && !now.lines().isEmpty()) { // what an operator has released in spite of it stays released
            // its verbs may be waiting for a long stop: no other container's look waits with them
            Thread.ofPlatform().daemon().name("freeze-" + container.id()).start(() -> cutOff(container));
        }
    }

    /** @return whether it has */
    private synchronized boolean tellChange(Reply.Drift now) {
        Reply.Drift last = known.put(now.id(), now);
        if (last != null && last.lines().equals(now.lines())) {
            return false;
        }
        now.lines().forEach(line -> log(now.id(), line));
        events.accept(now);
        return true;
    }

    private static void log(ContainerId id, PassportLine line) {
        LOG.warn(
                "event=drift container={} item=\"{}\" found=\"{}\" expected=\"{}\"",
                id,
                line.item(),
                line.found(),
                line.expected());
    }

    private void cutOff(Container container) {
        try {
            container.quarantineIfDrifted();
        } catch (RuntimeException e) {
            LOG.error("event=not-cut-off-on-drift container={}", container.id(), e);
            known.remove(container.id()); // so that the next look finds it new, and tries again
        }
    }

    /** What is known, a line of it for each container that was looked at. */
    List<Reply.Drift> known() {
        return List.copyOf(known.values());
    }

    /** Returns once the look that is under way is done: what it looks at is about to be closed. */
    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
            closing.notifyAll();
        }
        try {
            thread.join(LONGEST_LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
