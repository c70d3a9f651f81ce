// SPDX-License-Identifier: Apache-2.0
package io.berth.core.tcp;

import io.berth.core.linux.ArrayCalls;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.NativeMemory;
import io.berth.core.linux.PollEvent;
import io.berth.core.linux.Readiness;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A connection that was accepted. One thread receives, others may send and shut down meanwhile; close it when nobody else uses it, for
 * the kernel hands its number out again: {@link #shutDown} is what wakes those who wait.
 */
public final class TcpConnection implements AutoCloseable {
    private static final int ON = 1;

    private final Fd socket;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final NativeMemory memory = new NativeMemory();
    private final Readiness readable;

    /** Takes the socket over when it returns. */
    TcpConnection(Fd socket, InetSocketAddress remote) {
        this.socket = socket;
        this.remote = remote;
        this.local = SocketCalls.localAddress(socket);
        SocketCalls.setsockopt(socket, SocketConstant.IPPROTO_TCP, SocketConstant.TCP_NODELAY, ON);
        SocketCalls.setsockopt(socket, SocketConstant.SOL_SOCKET, SocketConstant.SO_KEEPALIVE, ON);
        this.readable = new Readiness(memory, socket, PollEvent.POLLIN);
    }

    public InetSocketAddress remote() {
        return remote;
    }

    public InetSocketAddress local() {
        return local;
    }

    /**
     * Waits for nothing.
     *
     * @return how many bytes came; 0 when none is there, -1 at the end
     */
    public int receive(byte[] into) throws IOException {
        int count = ArrayCalls.recv(socket, into, 0, into.length);
        if (count == 0) {
            return -1;
        }
        return count > 0 ? count : nothingYet("recv", count);
    }

    /**
     * Waits for nothing.
     *
     * @param more whether more is sent at once: the kernel may join them, and waits for that 200 ms at most (MSG_MORE, send(2))
     * @return how many bytes the kernel took
     */
    public int send(byte[] bytes, int offset, int length, boolean more) throws IOException {
        int count = more
                ? ArrayCalls.sendMore(socket, bytes, offset, length)
                : ArrayCalls.send(socket, bytes, offset, length);
        return count >= 0 ? count : nothingYet("send", count);
    }

    private int nothingYet(String call, int result) throws IOException {
        if (result == -Errno.EAGAIN.number()) {
            return 0;
        }
        throw new IOException(call + "(" + remote + "): " + Errno.of(-result));
    }

    /** Until something is there to receive, or the connection has ended; for the thread that receives. */
    public void awaitReadable() {
        readable.await();
    }

    /** Until the kernel takes bytes again, or the connection has ended. */
    public void awaitWritable() {
        try (var list = new NativeMemory()) {
            new Readiness(list, socket, PollEvent.POLLOUT).await();
        }
    }

    /** What has come is acknowledged now instead of with the next answer: 40 ms that a peer may wait for. Once only: tcp(7). */
    public void acknowledge() {
        quietly(() -> SocketCalls.setsockopt(socket, SocketConstant.IPPROTO_TCP, SocketConstant.TCP_QUICKACK, ON));
    }

    /** The peer reads the end after what has been sent. */
    public void endOutput() {
        quietly(() -> SocketCalls.shutdown(socket, SocketConstant.SHUT_WR));
    }

    /** Ends it both ways, and whoever waits for it waits no longer. */
    public void shutDown() {
        quietly(() -> SocketCalls.shutdown(socket, SocketConstant.SHUT_RDWR));
    }

    /** The peer may be gone already; who receives learns it. */
    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOTCONN && e.errno() != Errno.EINVAL && e.errno() != Errno.ECONNRESET) {
                throw e;
            }
        }
    }

    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() {
        if (socket.isOpen()) {
            socket.close();
            memory.close();
        }
    }

    @Override
    public String toString() {
        return "connection from " + remote;
    }
}
