// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentException;
import io.berth.core.client.ContainerListener;
import io.berth.core.client.ContainerSocket;
import io.berth.core.client.ContainerSockets;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.GuestUser;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Sockets of this machine, as an agent would hand them out of a container. */
final class LocalSockets implements ContainerSockets {
    private final Path directory;
    private final AtomicInteger number = new AtomicInteger();

    /** @param directory where private sockets are made */
    LocalSockets(Path directory) {
        this.directory = directory;
    }

    @Override
    public ContainerSocket connect(String ticket, GuestUser user, Endpoint to) {
        try {
            return new Connected(SocketChannel.open(address(to)), ContainerSocket.Peer.NONE);
        } catch (IOException e) {
            throw new AgentException(Refusal.CONFLICT, "nobody listens there", e);
        }
    }

    private static SocketAddress address(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Tcp(String host, int port) -> new InetSocketAddress(host.isEmpty() ? "0.0.0.0" : host, port);
            case Endpoint.Unix(String path) -> UnixDomainSocketAddress.of(path);
            case Endpoint.Private _ -> throw new IllegalArgumentException("nobody connects there");
        };
    }

    @Override
    public ContainerListener listen(String ticket, GuestUser user, Endpoint at) {
        Endpoint chosen = at instanceof Endpoint.Private
                ? new Endpoint.Unix(
                        directory.resolve("agent-" + number.incrementAndGet()).toString())
                : at;
        try {
            return listening(chosen);
        } catch (IOException e) {
            throw new AgentException(Refusal.CONFLICT, "nothing can listen there", e);
        }
    }

    private static ContainerListener listening(Endpoint at) throws IOException {
        if (at instanceof Endpoint.Tcp tcp) {
            ServerSocketChannel server = ServerSocketChannel.open().bind(address(at));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            return new Listening(server, new Endpoint.Tcp(tcp.host(), port));
        }
        return new Listening(
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address(at)), at);
    }

    private record Listening(ServerSocketChannel server, Endpoint at) implements ContainerListener {
        @Override
        public ContainerSocket accept() throws IOException {
            SocketChannel socket = server.accept();
            return new Connected(
                    socket,
                    socket.getRemoteAddress() instanceof InetSocketAddress from
                            ? new ContainerSocket.Peer(from.getAddress().getHostAddress(), from.getPort())
                            : ContainerSocket.Peer.NONE);
        }

        @Override
        public void close() {
            try {
                server.close();
                if (at instanceof Endpoint.Unix(String path)) {
                    Files.deleteIfExists(Path.of(path));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Connected implements ContainerSocket {
        private final SocketChannel socket;
        private final Peer peer;

        Connected(SocketChannel socket, Peer peer) {
            this.socket = socket;
            this.peer = peer;
        }

        @Override
        public InputStream input() {
            return Channels.newInputStream(socket);
        }

        @Override
        public OutputStream output() {
            return new FilterOutputStream(Channels.newOutputStream(socket)) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }

                @Override
                public void close() throws IOException {
                    if (socket.isOpen()) {
                        socket.shutdownOutput();
                    }
                }
            };
        }

        @Override
        public Peer peer() {
            return peer;
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
