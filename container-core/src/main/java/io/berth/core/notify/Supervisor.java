// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Epoll;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.NotifyCalls;
import io.berth.core.seccomp.SeccompPolicy;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the calls that containers' filters notify. One thread watches all listeners and does nothing else; what it finds is served
 * by workers, one per container that asks at that moment, so that a call which hangs in a tenant's own filesystem, or a flood of
 * calls, costs that tenant only. A container that asks for more than its {@link Budget} waits.
 *
 * <p>Workers are platform threads of the supervisor's own, as they change their credentials.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long WAKE = 0; // the number of the eventfd; listeners' begin at 1
    private static final int EVENTS = 64;
    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};
    private static final int IDLE_SECONDS = 10;
    private static final int CLOSE_SECONDS = 5;

    private final Path journals;
    private final Leftovers leftovers;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Epoll epoll = new Epoll();
    private final Fd wake = FileCalls.eventfd(0);
    private final AtomicLong numbers = new AtomicLong(WAKE);
    private final Map<Long, Listener> listeners = new ConcurrentHashMap<>();
    private final Map<Long, Listener> waiting = new ConcurrentHashMap<>();
    private final ExecutorService workers;
    private final Thread watcher;
    private volatile boolean closing;

    /**
     * @param journals a directory for what is being answered; it must outlive the process, not the boot
     * @param nanoTime for budgets
     */
    public Supervisor(Path journals, Clock clock, LongSupplier nanoTime) throws IOException {
        this.journals = Files.createDirectories(journals);
        this.leftovers = Leftovers.in(journals);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> Thread.ofPlatform().daemon().name("notify-worker").unstarted(() -> {
                    Disguise.prepareThread();
                    task.run();
                }));
        epoll.add(wake, WAKE);
        watcher = Thread.ofPlatform().daemon().name("notify-watcher").start(this::watch);
    }

    /**
     * Begins to answer for a container.
     *
     * @param policy what the filters were compiled from
     * @param listeners of its filters; they become the supervisor's
     */
    public Supervision supervise(Subject subject, SeccompPolicy policy, List<Fd> listeners) {
        var supervision = new Supervision(this, new Desk(subject, clock, nanoTime));
        listeners.forEach(listener -> supervision.add(listener, policy));
        return supervision;
    }

    /** Once every container that outlived the last agent is supervised: nobody waits for what else it left. */
    public void forgetLeftovers() {
        leftovers.remove();
    }

    Runnable add(Desk desk, Fd fd, SeccompPolicy policy) {
        NotifyCalls.wakeOnSameProcessor(fd);
        ContainerId container = desk.subject().id();
        Journal journal = Journal.create(journals, container);
        leftovers.moveTo(journal, fd, container);
        var listener = new Listener(fd, policy, journal, desk);
        long number = numbers.incrementAndGet();
        listeners.put(number, listener);
        if (listener.hasLeftover()) {
            epoll.addDisarmed(fd, number);
            lend(number, listener); // who arms it when done
        } else {
            epoll.addOnce(fd, number);
        }
        return () -> remove(number);
    }

    private void remove(long number) {
        Listener listener = listeners.remove(number);
        waiting.remove(number);
        if (listener != null) {
            // closing alone would not do: the monitor has the same open file
            epoll.remove(listener.fd());
            listener.close();
        }
    }

    private void watch() {
        while (!closing) {
            try {
                for (long number : epoll.await(EVENTS, nextDue())) {
                    ready(number);
                }
                lendWaiting();
            } catch (RuntimeException e) {
                LOG.error("event=notify-watch-failed, ignoring", e);
            }
        }
    }

    private void ready(long number) {
        if (number == WAKE) {
            FileCalls.read(wake, ONE.length);
            return;
        }
        Listener listener = listeners.get(number);
        if (listener != null) {
            lend(number, listener);
        }
    }

    private @Nullable Duration nextDue() {
        return waiting.values().stream()
                .map(listener -> listener.desk().budget().due())
                .min(Duration::compareTo)
                .orElse(null);
    }

    private void lendWaiting() {
        List<Long> due = new ArrayList<>();
        waiting.forEach((number, listener) -> {
            if (listener.desk().budget().due().isZero()) {
                due.add(number);
            }
        });
        for (long number : due) {
            Listener listener = waiting.remove(number);
            if (listener != null) {
                lend(number, listener);
            }
        }
    }

    private void lend(long number, Listener listener) {
        workers.execute(() -> serve(number, listener));
    }

    private void serve(long number, Listener listener) {
        if (!listener.begin()) {
            return;
        }
        Runnable next = () -> postpone(number, listener);
        try {
            next = switch (listener.serve(THREADS::getCurrentThreadCpuTime)) {
                case QUIET -> () -> rearm(number, listener);
                case OVER_BUDGET -> next;
                case FINISHED -> () -> remove(number);
            };
        } catch (RuntimeException e) {
            LOG.error(
                    "event=notify-failed container={}, ignoring",
                    listener.desk().subject().id(),
                    e);
        } finally {
            listener.end(next);
        }
    }

    private void rearm(long number, Listener listener) {
        if (listeners.containsKey(number)) {
            epoll.rearm(listener.fd(), number);
        }
    }

    private void postpone(long number, Listener listener) {
        if (listeners.containsKey(number)) {
            waiting.put(number, listener);
            FileCalls.write(wake, ONE);
        }
    }

    /** Lets go: calls wait until the next supervisor listens. Idempotent. */
    @Override
    public synchronized void close() {
        if (closing) {
            return;
        }
        closing = true;
        FileCalls.write(wake, ONE);
        listeners.keySet().forEach(this::remove);
        workers.shutdown();
        try {
            watcher.join();
            if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("event=notify-worker-hangs, ignoring: its call is left to the next agent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        epoll.close();
        wake.close();
    }
}
