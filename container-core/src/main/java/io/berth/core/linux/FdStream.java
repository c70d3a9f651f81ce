// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A descriptor that may be closed while another thread waits for it: an eventfd wakes the waiter before the number is given back. */
final class FdStream implements AutoCloseable {
    private static final int BUFFER_BYTES =
            128 * 1024; // half of a session's pipe; memory that is never touched costs nothing

    /** What a stream does with its descriptor while nobody can close it. */
    interface Action {
        int run(Fd fd) throws IOException;
    }

    private final Fd fd;
    private final Fd wake = FileCalls.eventfd(0);
    private final NativeMemory memory = new NativeMemory();
    private final Readiness readiness;
    private final NativeBuffer errno = memory.allocate(ArrayCalls.errnoBytes());
    private @Nullable NativeBuffer buffer;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ReentrantLock inUse = new ReentrantLock();

    /** @param event of the descriptor that is waited for */
    FdStream(Fd fd, PollEvent event) {
        FileCalls.setNonBlocking(fd);
        this.fd = fd;
        this.readiness = new Readiness(memory, fd, event, wake);
    }

    int use(Action action) throws IOException {
        inUse.lock();
        try {
            if (closing.get()) {
                throw new IOException(fd + " is closed");
            }
            return action.run(fd);
        } finally {
            inUse.unlock();
        }
    }

    /** As {@link #use}, but 0 where somebody else is using it. */
    int tryUse(Action action) throws IOException {
        if (!inUse.tryLock()) {
            return 0;
        }
        try {
            return use(action);
        } finally {
            inUse.unlock();
        }
    }

    /** By the user of the descriptor; one that never needs it costs nothing. */
    NativeBuffer buffer() {
        if (buffer == null) {
            buffer = memory.allocate(BUFFER_BYTES);
        }
        return buffer;
    }

    NativeBuffer errno() {
        return errno;
    }

    /** By the user of the descriptor, for the event. */
    void await() throws AsynchronousCloseException {
        readiness.await();
        if (closing.get()) {
            throw new AsynchronousCloseException();
        }
    }

    static IOException failure(String call, Fd fd, long result) {
        return new IOException(call + "(" + fd + "): " + Errno.of(-result));
    }

    @Override
    public void close() {
        if (closing.getAndSet(true)) {
            return;
        }
        FileCalls.write(wake, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        inUse.lock();
        try {
            fd.close();
            wake.close();
            memory.close();
        } finally {
            inUse.unlock();
        }
    }
}
