// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

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

    /** @return false when nobody will take it: the process reads no longer, or this is after the end */
    boolean append(byte[] data, int offset, int count) {
        lock.lock();
        try {
            if (ended || discarding) {
                return false;
            }
            if (bytes.length - length < count) {
                bytes = Arrays.copyOf(bytes, Math.max(length + count, length * 2));
            }
            System.arraycopy(data, offset, bytes, length, count);
            length += count;
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
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
            while (length == 0 && !ended && !discarding) {
                changed.await();
            }
            byte[] taken = length == 0 ? null : Arrays.copyOf(bytes, length);
            bytes = NOTHING;
            length = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
