// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.linux.AcceptedSocket;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.PollCalls.Interest;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.Endpoint;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Listening sockets by their descriptors. */
final class FdListener implements ContainerListener {
    private static final byte[] WAKE = {1, 0, 0, 0, 0, 0, 0, 0};

    private final Endpoint at;
    private final List<Fd> sockets;
    private final @Nullable Fd keeper;
    private final Fd wake = FileCalls.eventfd(0);
    private boolean accepting;
    private boolean closed;

    /**
     * Takes the descriptors over.
     *
     * @param keeper what keeps a process inside from removing the socket's path
     */
    FdListener(Endpoint at, List<Fd> sockets, @Nullable Fd keeper) {
        this.at = at;
        this.sockets = List.copyOf(sockets);
        this.keeper = keeper;
        sockets.forEach(FileCalls::setNonBlocking); // who connected may be gone before accept(2)
    }

    @Override
    public Endpoint at() {
        return at;
    }

    @Override
    public ContainerSocket accept() throws IOException {
        begin();
        try {
            return next();
        } finally {
            end();
        }
    }

    private ContainerSocket next() throws IOException {
        // the keeper's pipe has an error once nobody inside holds its other end
        Interest[] interests = Stream.of(sockets.stream(), Stream.of(wake), Stream.ofNullable(keeper))
                .flatMap(fds -> fds)
                .map(Interest::in)
                .toArray(Interest[]::new);
        while (true) {
            var events = PollCalls.ppoll(null, interests);
            if (isClosed()) {
                throw new AsynchronousCloseException();
            }
            if (keeper != null && !events.getLast().isEmpty()) {
                throw new IOException("the container has ended, and the socket with it");
            }
            for (int i = 0; i < sockets.size(); i++) {
                if (!events.get(i).isEmpty()) {
                    Optional<ContainerSocket> accepted = accept(sockets.get(i));
                    if (accepted.isPresent()) {
                        return accepted.get();
                    }
                }
            }
        }
    }

    private static Optional<ContainerSocket> accept(Fd listening) throws IOException {
        try {
            AcceptedSocket accepted = SocketCalls.accept4From(listening);
            accepted.peer()
                    .ifPresent(_ -> SocketCalls.setsockopt(
                            accepted.socket(), SocketConstant.IPPROTO_TCP, SocketConstant.TCP_NODELAY, 1));
            var peer = accepted.peer()
                    .map(from -> new ContainerSocket.Peer(from.getAddress().getHostAddress(), from.getPort()))
                    .orElse(ContainerSocket.Peer.NONE);
            return Optional.of(new FdSocket(accepted.socket(), peer));
        } catch (SyscallException e) {
            if (e.errno() == Errno.EAGAIN || e.errno() == Errno.ECONNABORTED) {
                return Optional.empty();
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    private synchronized void begin() throws AsynchronousCloseException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
        accepting = true;
    }

    private synchronized void end() {
        accepting = false;
        if (closed) {
            release();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Idempotent; a thread that accepts closes what it uses. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (accepting) {
            FileCalls.write(wake, WAKE);
        } else {
            release();
        }
    }

    private void release() {
        sockets.forEach(Fd::close);
        wake.close();
        if (keeper != null) {
            keeper.close();
        }
    }
}
