// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.AsynchronousCloseException;
import java.util.Objects;

/**
 * Reads a pipe, socket or pty master that it owns. Puts the open file description into non-blocking mode: {@link #close()} from
 * another thread wakes a waiting read, which then throws {@link AsynchronousCloseException}. For platform threads: a read blocks its
 * carrier.
 */
public final class FdInputStream extends InputStream {
    private final FdStream stream;

    public FdInputStream(Fd fd) {
        stream = new FdStream(fd, PollEvent.POLLIN);
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
        while (true) {
            int count = ArrayCalls.read(fd, stream.buffer(), length, stream.errno());
            if (count > 0) {
                stream.buffer().get(0, into, offset, count);
                return count;
            }
            if (count == 0 || count == -Errno.EIO.number()) { // a pty master says EIO once its last slave has closed
                return -1;
            }
            if (count != -Errno.EAGAIN.number()) {
                throw FdStream.failure("read", fd, count);
            }
            stream.await();
        }
    }

    @Override
    public void close() {
        stream.close();
    }
}
