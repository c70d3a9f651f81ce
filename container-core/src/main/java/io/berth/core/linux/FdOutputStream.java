// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.PollCalls.Interest.out;

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
        FileCalls.setNonBlocking(fd);
        stream = new FdStream(fd);
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
        int part = Math.min(length, FdStream.BUFFER_BYTES);
        stream.buffer().put(0, bytes, offset, part);
        long count = Syscall.attempt(Sys.WRITE, fd, stream.buffer(), part);
        if (count < 0 && count != -Errno.EAGAIN.number()) {
            throw FdStream.failure("write", fd, count);
        }
        return (int) Math.max(count, 0);
    }

    private int writeAll(Fd fd, byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, FdStream.BUFFER_BYTES);
            stream.buffer().put(0, bytes, offset + done, part);
            done += writeOnce(fd, part);
        }
        return length;
    }

    private int writeOnce(Fd fd, int length) throws IOException {
        while (true) {
            long count = Syscall.attempt(Sys.WRITE, fd, stream.buffer(), length);
            if (count >= 0) {
                return (int) count;
            }
            if (count != -Errno.EAGAIN.number()) {
                throw FdStream.failure("write", fd, count);
            }
            stream.await(out(fd));
        }
    }

    @Override
    public void close() {
        stream.close();
    }
}
