// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent and its process has not taken yet. The channel's window bounds it; packets are joined, so that many small
 * ones cost no more memory than their bytes.
 */
final class PendingInput {
    private static final byte[] NOTHING = new byte[0];

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private byte[] bytes = NOTHING;
    private int length;
    private boolean ended;
    private boolean discarding;
    private boolean isAwaited;
    private Shortcut shortcut = (_, _, _) -> 0;

    /** Takes bytes without waiting, as many as it can. */
    interface Shortcut {
        int offer(byte[] bytes, int offset, int length) throws IOException;
    }

    /**
     * A way past the one who takes, for as long as nothing is pending and he waits: so what is typed, or sent no faster than it is read,
     * does not have to wake a thread first.
     */
    void shortcut(Shortcut way) {
        lock.lock();
        try {
            shortcut = way;
        } finally {
            lock.unlock();
        }
    }

    /**
     * @return how many bytes will not be taken out again: all when the process reads no longer, or this is after the end; those that went
     *     the short way
     */
    int append(byte[] data, int offset, int count) {
        lock.lock();
        try {
            if (ended || discarding) {
                return count;
            }
            int gone = length == 0 && isAwaited ? offer(data, offset, count) : 0;
            keep(data, offset + gone, count - gone);
            return gone;
        } finally {
            lock.unlock();
        }
    }

    private int offer(byte[] data, int offset, int count) {
        try {
            return shortcut.offer(data, offset, count);
        } catch (IOException e) {
            return 0; // the long way finds out what it is
        }
    }

    private void keep(byte[] data, int offset, int count) {
        if (count == 0) {
            return;
        }
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, length * 2));
        }
        System.arraycopy(data, offset, bytes, length, count);
        length += count;
        changed.signal();
    }

    /** No more will come; what is pending is still given out. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Nothing is given out any more; wakes the taker.
     *
     * @return how many bytes were pending
     */
    int discard() {
        lock.lock();
        try {
            int dropped = length;
            discarding = true;
            bytes = NOTHING;
            length = 0;
            changed.signal();
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until there is something; null at the end. */
    byte @Nullable [] take() throws InterruptedException {
        lock.lock();
        try {
            isAwaited = true;
            while (length == 0 && !ended && !discarding) {
                changed.await();
            }
            isAwaited = false;
            byte[] taken = length == 0 ? null : Arrays.copyOf(bytes, length);
            bytes = NOTHING;
            length = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
