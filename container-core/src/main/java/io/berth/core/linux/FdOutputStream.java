// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Writes a pipe, socket or pty master that it owns. Puts the open file description into non-blocking mode, so that {@link #close()}
 * from another thread wakes a blocked write, which then throws {@link java.nio.channels.AsynchronousCloseException}; hence not for a
 * terminal shared with other programs. A reader that is gone is an IOException (EPIPE). For platform threads.
 */
public final class FdOutputStream extends OutputStream {
    private final FdStream stream;

    public FdOutputStream(Fd fd) {
        stream = new FdStream(fd, PollEvent.POLLOUT);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        stream.use(fd -> writeAll(fd, bytes, offset, length));
    }

    /** Writes what the descriptor takes at once, and waits for nothing; returns how many bytes that were. */
    public int offer(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? 0 : stream.tryUse(fd -> offerOnce(fd, bytes, offset, length));
    }

    private int offerOnce(Fd fd, byte[] bytes, int offset, int length) throws IOException {
        NativeBuffer buffer = stream.buffer();
        int part = Math.min(length, buffer.size());
        buffer.put(0, bytes, offset, part);
        int count = ArrayCalls.write(fd, buffer, part, stream.errno());
        if (count < 0 && count != -Errno.EAGAIN.number()) {
            throw FdStream.failure("write", fd, count);
        }
        return Math.max(count, 0);
    }

    private int writeAll(Fd fd, byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int count = offerOnce(fd, bytes, offset + done, length - done);
            if (count == 0) {
                stream.await();
            }
            done += count;
        }
        return length;
    }

    @Override
    public void close() {
        stream.close();
    }
}
