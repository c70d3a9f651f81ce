// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.PollCalls.Interest.in;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.AsynchronousCloseException;
import java.util.Objects;

/**
 * Reads a pipe, socket or pty master that it owns. {@link #close()} from another thread wakes a blocked read, which then throws {@link
 * AsynchronousCloseException}. For platform threads: a read blocks its carrier.
 */
public final class FdInputStream extends InputStream {
    private final FdStream stream;

    public FdInputStream(Fd fd) {
        stream = new FdStream(fd);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        return length == 0 ? 0 : stream.use(fd -> readOnce(fd, into, offset, length));
    }

    private int readOnce(Fd fd, byte[] into, int offset, int length) throws IOException {
        int wanted = Math.min(length, FdStream.BUFFER_BYTES);
        while (true) {
            stream.await(in(fd));
            long count = Syscall.attempt(Sys.READ, fd, stream.buffer(), wanted);
            if (count > 0) {
                stream.buffer().get(0, into, offset, (int) count);
                return (int) count;
            }
            switch (Errno.of(-count)) {
                case EUNKNOWN, EIO -> { // 0 is the end; a pty master says EIO once its last slave has closed
                    return -1;
                }
                case EAGAIN -> {} // somebody else who shares the description was faster
                default -> throw FdStream.failure("read", fd, count);
            }
        }
    }

    @Override
    public void close() {
        stream.close();
    }
}
