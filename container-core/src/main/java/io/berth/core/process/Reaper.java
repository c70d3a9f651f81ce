// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import io.berth.core.linux.Child;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.PollCalls.Interest;
import io.berth.core.linux.PollEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that waits for the end of many processes. */
public final class Reaper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

    private final Map<Fd, Runnable> watched = new LinkedHashMap<>();
    private final Fd wake = FileCalls.eventfd(0);
    private final Thread thread;
    private boolean closed;

    public Reaper() {
        thread = Thread.ofPlatform().daemon().name("reaper").start(this::loop);
    }

    /**
     * Runs {@code ended} once, on the reaper's thread, when the process has ended.
     *
     * @param pidfd stays the caller's, who closes it no earlier than in {@code ended}
     */
    public void watch(Fd pidfd, Runnable ended) {
        synchronized (watched) {
            if (closed) {
                throw new IllegalStateException("the reaper is closed");
            }
            watched.put(pidfd, ended);
        }
        FileCalls.write(wake, ONE);
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
            Interest[] interests;
            synchronized (watched) {
                if (closed) {
                    wake.close();
                    return;
                }
                interests = interests();
            }
            ended(interests, PollCalls.ppoll(null, interests)).forEach(this::tell);
        }
    }

    private Interest[] interests() {
        List<Interest> interests = new ArrayList<>();
        interests.add(Interest.in(wake));
        watched.keySet().forEach(pidfd -> interests.add(Interest.in(pidfd)));
        return interests.toArray(Interest[]::new);
    }

    private List<Fd> ended(Interest[] interests, List<Set<PollEvent>> events) {
        if (!events.getFirst().isEmpty()) {
            FileCalls.read(wake, ONE.length);
        }
        List<Fd> ended = new ArrayList<>();
        for (int i = 1; i < interests.length; i++) {
            if (!events.get(i).isEmpty()) {
                ended.add(interests[i].fd());
            }
        }
        return ended;
    }

    private void tell(Fd pidfd) {
        Runnable ended;
        synchronized (watched) {
            ended = watched.remove(pidfd);
        }
        try {
            if (ended != null) {
                ended.run();
            }
        } catch (Throwable e) { // whatever it was, the next process ends all the same
            LOG.error("event=process-end-handler-failed pidfd={}, ignoring", pidfd, e);
        }
    }

    /** Ends the thread; what is still watched is not told any more. */
    @Override
    public void close() {
        synchronized (watched) {
            if (closed) {
                return;
            }
            closed = true;
        }
        FileCalls.write(wake, ONE);
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
