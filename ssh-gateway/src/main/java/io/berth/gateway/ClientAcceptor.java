// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.tcp.TcpConnection;
import io.berth.core.tcp.TcpListener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.closeable.AbstractInnerCloseable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the connections that {@link Admission} allows, and gives each a {@link ClientSocket} with a thread of its own. */
final class ClientAcceptor extends AbstractInnerCloseable implements IoAcceptor, ClientSocket.Surroundings {
    private static final Logger LOG = LoggerFactory.getLogger(ClientAcceptor.class);
    /** Of address space; what is never touched costs nothing. */
    private static final int STACK_BYTES = 512 * 1024;
    /** As sshd: until a descriptor is free again. */
    private static final long SHORTAGE_MILLISECONDS = 100;

    private final IoHandler handler;
    private final Admission admission;
    private final InputBudget input;
    private final Map<SocketAddress, TcpListener> listening = new ConcurrentHashMap<>();
    private final Map<Long, IoSession> clients = new ConcurrentHashMap<>();
    private final ReadBuffers buffers = new ReadBuffers();
    private final Thread.Builder threads =
            Thread.ofPlatform().daemon().stackSize(STACK_BYTES).name("ssh-", 0);
    private final ExecutorService others = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("send-", 0).factory());
    private @Nullable IoServiceEventListener listener;

    ClientAcceptor(IoHandler handler, Admission admission, InputBudget input) {
        this.handler = handler;
        this.admission = admission;
        this.input = input;
    }

    @Override
    public void bind(Collection<? extends SocketAddress> addresses) throws IOException {
        for (SocketAddress address : addresses) {
            bind(address);
        }
    }

    /** @throws BindException when the address can't be had */
    @Override
    public void bind(SocketAddress address) throws IOException {
        var port = TcpListener.bind((InetSocketAddress) address);
        listening.put(port.address(), port);
        Thread.ofPlatform().daemon().name("accept-" + port.address().getPort()).start(() -> accept(port));
    }

    private void accept(TcpListener port) {
        try {
            while (true) {
                try {
                    TcpConnection connection = port.accept();
                    if (connection == null) {
                        return;
                    }
                    welcome(connection, port.address());
                } catch (IOException
                        | RuntimeException
                        | OutOfMemoryError e) { // the port is never left without its thread
                    LOG.warn("event=accept-failed cause=\"{}\"", e.toString());
                    TimeUnit.MILLISECONDS.sleep(SHORTAGE_MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void welcome(TcpConnection connection, InetSocketAddress at) {
        if (!admission.admit(connection.remote())) {
            connection.close();
            return;
        }
        var client = new ClientSocket(connection, at, handler, this);
        clients.put(client.getId(), client);
        try {
            threads.start(client);
        } catch (OutOfMemoryError e) { // no thread is to be had
            LOG.warn("event=connection-dropped source={} cause=\"{}\"", connection.remote(), e.getMessage());
            unwelcome(client);
            left(client);
            connection.close();
        }
    }

    @Override
    public void unwelcome(ClientSocket client) {
        admission.left(client.getRemoteAddress(), null);
    }

    @Override
    public void left(ClientSocket client) {
        clients.remove(client.getId());
    }

    @Override
    public IoService service() {
        return this;
    }

    @Override
    public ReadBuffers buffers() {
        return buffers;
    }

    @Override
    public InputBudget input() {
        return input;
    }

    @Override
    public void run(Runnable task) {
        others.execute(task);
    }

    @Override
    public void unbind() {
        unbind(getBoundAddresses());
    }

    @Override
    public void unbind(Collection<? extends SocketAddress> addresses) {
        addresses.forEach(this::unbind);
    }

    @Override
    public void unbind(SocketAddress address) {
        TcpListener port = listening.remove(address);
        if (port != null) {
            port.close();
        }
    }

    @Override
    public Set<SocketAddress> getBoundAddresses() {
        return Set.copyOf(listening.keySet());
    }

    @Override
    public Map<Long, IoSession> getManagedSessions() {
        return Collections.unmodifiableMap(clients);
    }

    @Override
    public @Nullable IoServiceEventListener getIoServiceEventListener() {
        return listener;
    }

    @Override
    public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
        this.listener = listener;
    }

    @Override
    protected void preClose() {
        unbind();
        super.preClose();
    }

    @Override
    protected Closeable getInnerCloseable() {
        return builder()
                .parallel(this, clients.values())
                .run(this, others::shutdown)
                .build();
    }
}
