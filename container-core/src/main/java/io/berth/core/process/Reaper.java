// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import io.berth.core.linux.Child;
import io.berth.core.linux.Epoll;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SyscallException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that waits for the end of many processes. */
public final class Reaper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

    private static final long CLOSED = 0;
    private static final int MOST_AT_ONCE = 64;

    private record Watched(Fd fd, Runnable ended) {}

    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong(CLOSED);
    private final Epoll epoll = new Epoll();
    private final Fd end = FileCalls.eventfd(0);
    private final Thread thread;
    private boolean closed;

    public Reaper() {
        epoll.add(end, CLOSED);
        thread = Thread.ofPlatform().daemon().name("reaper").start(this::loop);
    }

    /**
     * Runs {@code ended} once, on the reaper's thread, when the process has ended.
     *
     * @param pidfd stays the caller's, who closes it no earlier than in {@code ended}
     */
    public synchronized void watch(Fd pidfd, Runnable ended) {
        if (closed) {
            throw new IllegalStateException("the reaper is closed");
        }
        long number = numbers.incrementAndGet();
        watched.put(number, new Watched(pidfd, ended));
        try {
            epoll.add(pidfd, number); // wakes nobody before it ends
        } catch (SyscallException e) {
            watched.remove(number);
            throw e;
        }
    }

    /**
     * Reaps a process when it has ended, and closes it. A zombie that somebody in its container traces is hidden from its parent until
     * the tracer lets go; left unreaped, it would keep the whole pid namespace from ending.
     *
     * @param ended is told how, on any thread
     */
    public void reap(Child process, Consumer<ExitStatus> ended) {
        watch(process.pidfd(), () -> reapNow(process, ended));
    }

    private static void reapNow(Child process, Consumer<ExitStatus> ended) {
        process.waitForNow()
                .ifPresentOrElse(
                        status -> {
                            process.close();
                            ended.accept(status);
                        },
                        () -> CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
                                .execute(() -> reapNow(process, ended)));
    }

    private void loop() {
        while (true) {
            for (long number : epoll.await(MOST_AT_ONCE, null)) {
                if (number == CLOSED) {
                    epoll.close();
                    end.close();
                    return;
                }
                Watched one = watched.remove(number);
                if (one != null) {
                    tell(one);
                }
            }
        }
    }

    private void tell(Watched one) {
        try {
            // while it is open: others may have its description, too, and keep it after it is closed here
            epoll.remove(one.fd);
            one.ended.run();
        } catch (Throwable e) { // whatever it was, the next process ends all the same
            LOG.error("event=process-end-handler-failed pidfd={}, ignoring", one.fd, e);
        }
    }

    /** Ends the thread; what is still watched is not told any more. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        FileCalls.write(end, ONE);
        if (Thread.currentThread() != thread) {
            join();
        }
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
