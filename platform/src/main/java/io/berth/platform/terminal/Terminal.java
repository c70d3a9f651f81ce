// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.GuestUser;
import io.berth.platform.container.ContainerEntry;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Standing;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One login shell with its terminal. It is somebody's, whether a window shows it or not. */
final class Terminal {
    private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
    private static final int PART_BYTES = 16 * 1024;

    /** Once the shell has ended, what a program in the background still writes is waited for so long. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private static final long BUSY = 0;

    private final Opening opening;
    private final AttachedProcess process;
    private final Scrollback scrollback = new Scrollback();
    private final InputQueue input;
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile long waitingSinceNanos = BUSY;
    private TerminalSize size;
    private @Nullable Instant detachedAt;
    private Reply.@Nullable Exited exited;
    private @Nullable ProblemException ending;

    /**
     * Who opened what.
     *
     * @param standing the credential that it was opened with
     */
    record Opening(
            UUID id,
            ContainerEntry container,
            GuestUser user,
            UUID owner,
            String ownerName,
            Standing standing,
            Instant at) {}

    Terminal(Opening opening, AttachedProcess process, TerminalSize size, TerminalThreads threads) {
        this.opening = opening;
        this.process = process;
        this.size = size;
        this.detachedAt = opening.at();
        this.input = new InputQueue(process.stdin(), threads.shortOnes());
        threads.longOnes().execute(this::read);
        Thread.ofVirtual().name("terminal-end").start(this::awaitEnd);
    }

    Opening opening() {
        return opening;
    }

    Scrollback scrollback() {
        return scrollback;
    }

    private void read() {
        byte[] part = new byte[PART_BYTES];
        try {
            InputStream output = process.stdout();
            for (int count = read(output, part); count >= 0; count = read(output, part)) {
                scrollback.append(part, count);
            }
        } catch (IOException e) {
            LOG.debug("terminal closed", e); // under us
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            drained.countDown();
        }
    }

    private int read(InputStream output, byte[] part) throws IOException {
        waitingSinceNanos = System.nanoTime() | 1; // never BUSY
        int count = output.read(part);
        waitingSinceNanos = BUSY;
        return count;
    }

    private void awaitEnd() {
        try {
            Reply.Exited end = process.waitFor();
            while (!drained.await(QUIET.toMillis(), TimeUnit.MILLISECONDS) && !hasWaited()) {
                // a viewer reads slowly, or something writes on
            }
            exited(end);
        } catch (AgentException e) {
            LOG.debug("terminal closed before its shell ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release();
        }
    }

    private boolean hasWaited() {
        long since = waitingSinceNanos;
        return since != BUSY && System.nanoTime() - since >= QUIET.toNanos();
    }

    private synchronized void exited(Reply.Exited end) {
        exited = end;
        LOG.info("event=terminal-exited terminal={} code={} signal={}", opening.id(), end.code(), end.signal());
    }

    private void release() {
        input.close();
        process.close(); // what runs in it is hung up
        scrollback.end();
    }

    /** Ends it; a window that shows it is told why. */
    void end(ProblemException why) {
        synchronized (this) {
            if (ending == null) {
                ending = why;
            }
        }
        release();
    }

    /** How its shell ended; null while it runs, or when it was cut off. */
    synchronized Reply.@Nullable Exited exit() {
        return exited;
    }

    /** Why it was ended by somebody else. */
    synchronized @Nullable ProblemException ending() {
        return ending;
    }

    synchronized boolean isOver() {
        return exited != null || ending != null;
    }

    /** A window shows it from now on; one that did before no longer does. */
    synchronized Scrollback.View attach() {
        detachedAt = null;
        return scrollback.view();
    }

    synchronized void detach(Scrollback.View view, Instant now) {
        scrollback.leave(view);
        if (!scrollback.isViewed() && detachedAt == null) {
            detachedAt = now;
        }
    }

    /** Null while a window shows it. */
    synchronized @Nullable Instant detachedAt() {
        return detachedAt;
    }

    void input(byte[] bytes) throws InterruptedException {
        input.add(bytes);
    }

    synchronized void resize(TerminalSize to) {
        size = to;
        if (!isOver()) {
            process.resize(to.columns(), to.rows(), 0, 0);
        }
    }

    synchronized TerminalSize size() {
        return size;
    }
}
