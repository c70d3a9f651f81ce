// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries one of a process's outputs to its client until it ends. */
final class OutputPump implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);
    private static final int FIRST_BYTES = 8 * 1024; // more than a screen
    private static final int MOST_BYTES = 128 * 1024; // four packets, which go out together
    private static final int SPARSE = 8;
    private static final long BUSY = 0;

    private final InputStream from;
    private final ClientOutput to;
    private final ClientOutput.Stream stream;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile long waitingSinceNanos = BUSY;

    OutputPump(InputStream from, ClientOutput to, ClientOutput.Stream stream) {
        this.from = from;
        this.to = to;
        this.stream = stream;
    }

    /** Completed once there is nothing more to carry. */
    CompletableFuture<Void> end() {
        return end;
    }

    /** Whether the process has written nothing for that long, everything earlier being on its way. */
    boolean hasWaited(Duration time) {
        long since = waitingSinceNanos;
        return since != BUSY && System.nanoTime() - since >= time.toNanos();
    }

    @Override
    public void run() {
        byte[] part = new byte[FIRST_BYTES];
        try {
            for (int count = read(part); count >= 0; count = read(part)) {
                to.write(stream, part, count);
                part = fitting(part, count);
            }
        } catch (IOException e) {
            LOG.debug("event=output-ended stream={}", stream, e); // closed under us: the client is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end.complete(null);
        }
    }

    /** Whoever writes much is read in large parts; a terminal costs little. */
    private static byte[] fitting(byte[] part, int filled) {
        if (filled == part.length && part.length < MOST_BYTES) {
            return new byte[part.length * 2];
        }
        return filled < part.length / SPARSE && part.length > FIRST_BYTES ? new byte[FIRST_BYTES] : part;
    }

    private int read(byte[] part) throws IOException {
        waitingSinceNanos = System.nanoTime() | 1; // never BUSY
        int count = from.read(part);
        waitingSinceNanos = BUSY;
        return count;
    }
}
