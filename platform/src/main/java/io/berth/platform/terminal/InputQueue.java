// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person types, on its way to a terminal. A terminal takes no more than its program reads: whoever types more than fits waits here,
 * and no other terminal with them. Writing blocks natively, so it is done by a platform thread, which is there only while there is something
 * to write.
 */
final class InputQueue {
    private static final Logger LOG = LoggerFactory.getLogger(InputQueue.class);
    private static final int MOST_BYTES = 64 * 1024;

    private final OutputStream terminal;
    private final Executor threads;
    private final Queue<byte[]> queue = new ArrayDeque<>();
    private int queuedBytes;
    private boolean isWriting;
    private boolean closed;

    InputQueue(OutputStream terminal, Executor threads) {
        this.terminal = terminal;
        this.threads = threads;
    }

    synchronized void add(byte[] bytes) throws InterruptedException {
        while (!closed && queuedBytes > 0 && queuedBytes + bytes.length > MOST_BYTES) {
            wait();
        }
        if (closed || bytes.length == 0) {
            return;
        }
        queue.add(bytes);
        queuedBytes += bytes.length;
        if (!isWriting) {
            isWriting = true;
            threads.execute(this::write);
        }
    }

    private void write() {
        try {
            for (byte[] part = next(); part != null; part = next()) {
                terminal.write(part);
            }
        } catch (IOException e) {
            LOG.debug("terminal takes no more", e);
            close();
        }
    }

    private synchronized byte @Nullable [] next() {
        byte[] part = closed ? null : queue.poll();
        if (part == null) {
            isWriting = false;
        } else {
            queuedBytes -= part.length;
            notifyAll();
        }
        return part;
    }

    /** What was not written is let go. */
    synchronized void close() {
        closed = true;
        queue.clear();
        queuedBytes = 0;
        notifyAll();
    }
}
