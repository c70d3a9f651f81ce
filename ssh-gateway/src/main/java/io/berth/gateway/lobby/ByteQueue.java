// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Bytes from one thread to another, of which only so many wait at a time. The JDK's piped streams look for a dead thread once a
 * second, and take one that went back to its pool for such.
 */
final class ByteQueue {
    private static final int MOST_BYTES = 64 * 1024; // a screen is 10 KiB
    private static final int UNSIGNED = 0xff;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[MOST_BYTES];
    private int start;
    private int length;
    private boolean ended;
    private boolean unread;

    OutputStream writer() {
        return new Writer();
    }

    InputStream reader() {
        return new Reader();
    }

    /** Nobody reads any more: writers fail. */
    void abandon() {
        lock.lock();
        try {
            unread = true;
            length = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void put(byte[] bytes, int offset, int count) throws IOException {
        lock.lock();
        try {
            for (int done = 0; done < count; ) {
                await(() -> length < MOST_BYTES || unread || ended);
                if (unread || ended) {
                    throw new IOException("nobody reads this any more");
                }
                int part = Math.min(count - done, MOST_BYTES - length);
                for (int i = 0; i < part; i++) {
                    ring[(start + length + i) % MOST_BYTES] = bytes[offset + done + i];
                }
                length += part;
                done += part;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] bytes, int offset, int count) throws IOException {
        lock.lock();
        try {
            await(() -> length > 0 || ended || unread);
            int part = Math.min(count, length);
            for (int i = 0; i < part; i++) {
                bytes[offset + i] = ring[(start + i) % MOST_BYTES];
            }
            start = (start + part) % MOST_BYTES;
            length -= part;
            changed.signalAll();
            return part == 0 && count > 0 ? -1 : part;
        } finally {
            lock.unlock();
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedIOException {
        try {
            while (!condition.getAsBoolean()) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private final class Writer extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            put(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            put(bytes, offset, count);
        }

        @Override
        public void close() {
            end();
        }
    }

    private final class Reader extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return take(one, 0, 1) < 0 ? -1 : one[0] & UNSIGNED;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            return take(bytes, offset, count);
        }

        @Override
        public void close() {
            abandon();
        }
    }
}
