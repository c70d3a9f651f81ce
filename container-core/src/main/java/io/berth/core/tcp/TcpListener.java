// SPDX-License-Identifier: Apache-2.0
package io.berth.core.tcp;

import io.berth.core.linux.AcceptedSocket;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.NativeMemory;
import io.berth.core.linux.PollEvent;
import io.berth.core.linux.Readiness;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A listening port, for one thread that accepts. {@link #close} from another ends that. */
public final class TcpListener implements AutoCloseable {
    private static final int BACKLOG = 128; // sshd's SSH_LISTEN_BACKLOG
    private static final int OFF = 0;
    private static final int ON = 1;

    private final Fd socket;
    private final InetSocketAddress address;
    private final NativeMemory memory = new NativeMemory();
    private final Readiness readable;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isClosing;
    private boolean isAccepting;

    private TcpListener(Fd socket) {
        this.socket = socket;
        this.address = SocketCalls.localAddress(socket);
        this.readable = new Readiness(memory, socket, PollEvent.POLLIN);
    }

    /**
     * @param address {@code ::} is every address of both families, or of IPv4 where the kernel has no IPv6; port 0 is any
     * @throws BindException when it can't be had, in the kernel's words
     */
    public static TcpListener bind(InetSocketAddress address) throws BindException {
        try {
            return open(address);
        } catch (SyscallException e) {
            if (e.errno() == Errno.EAFNOSUPPORT && address.getAddress().isAnyLocalAddress()) {
                return bind(new InetSocketAddress(everyV4(), address.getPort()));
            }
            var failure = new BindException(e.errno().words());
            failure.initCause(e);
            throw failure;
        }
    }

    private static InetAddress everyV4() {
        try {
            return InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static TcpListener open(InetSocketAddress address) {
        boolean isV6 = address.getAddress() instanceof Inet6Address;
        Fd socket = SocketCalls.socket(
                isV6 ? SocketConstant.AF_INET6 : SocketConstant.AF_INET, SocketConstant.SOCK_STREAM, 0);
        try {
            SocketCalls.setsockopt(socket, SocketConstant.SOL_SOCKET, SocketConstant.SO_REUSEADDR, ON);
            if (isV6) {
                SocketCalls.setsockopt(socket, SocketConstant.IPPROTO_IPV6, SocketConstant.IPV6_V6ONLY, OFF);
            }
            SocketCalls.bindInternet(socket, address);
            SocketCalls.listen(socket, BACKLOG);
            FileCalls.setNonBlocking(socket);
            return new TcpListener(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** With the port that it really is. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Waits for the next connection. Errors that concern a connection only (accept(2)) are passed over.
     *
     * @return null once the listener is closed
     * @throws IOException when descriptors or memory have run short: try again a little later
     */
    public @Nullable TcpConnection accept() throws IOException {
        if (!enter()) {
            return null;
        }
        try {
            TcpConnection connection = null;
            while (connection == null && !isClosing) {
                readable.await();
                connection = isClosing ? null : acceptOne();
            }
            return connection;
        } finally {
            leave();
        }
    }

    /** Who is inside needs the descriptor. */
    private synchronized boolean enter() {
        isAccepting = !isClosing;
        return isAccepting;
    }

    private synchronized void leave() {
        isAccepting = false;
        if (isClosing) {
            end();
        }
    }

    private @Nullable TcpConnection acceptOne() throws IOException {
        try {
            AcceptedSocket accepted = SocketCalls.accept4From(socket);
            return connection(accepted.socket(), accepted.peer().orElseThrow());
        } catch (SyscallException e) {
            if (isShortage(e.errno())) {
                throw new IOException(e.getMessage(), e);
            }
            return null;
        }
    }

    private static boolean isShortage(Errno errno) {
        return errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOBUFS || errno == Errno.ENOMEM;
    }

    private static TcpConnection connection(Fd socket, InetSocketAddress remote) {
        try {
            return new TcpConnection(socket, remote);
        } catch (RuntimeException | OutOfMemoryError e) { // it has been reset meanwhile, or nothing is left for it
            socket.close();
            throw e;
        }
    }

    private void end() {
        socket.close();
        memory.close();
        ended.countDown();
    }

    /** The port is free when this returns. */
    @Override
    public void close() {
        synchronized (this) {
            isClosing = true;
            if (!isAccepting) {
                end();
            } else if (socket.isOpen()) {
                SocketCalls.shutdown(socket, SocketConstant.SHUT_RDWR); // wakes the one who waits
            }
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
