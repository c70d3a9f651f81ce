// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.tcp.TcpConnection;
import java.io.IOException;
import java.io.WriteAbortedException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket, and the thread that deals with what comes from it: between the kernel's word that something has come and the
 * process that gets it no other thread has to wake. What is sent goes through its {@link Outbox}.
 */
final class ClientSocket extends AbstractCloseable implements IoSession, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSocket.class);
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    private final Object reading = new Object();
    private final TcpConnection connection;
    private final InetSocketAddress listen;
    private final IoHandler handler;
    private final Surroundings surroundings;
    private final Outbox outbox;
    private final InputBudget.Account input;
    private boolean isSuspended;
    private volatile boolean isLoggedIn;

    /** What a socket needs of its acceptor. */
    interface Surroundings {
        IoService service();

        ReadBuffers buffers();

        InputBudget input();

        /** In a thread of its own, which may wait. */
        void run(Runnable task);

        /** MINA could not make a session of it. */
        void unwelcome(ClientSocket client);

        void left(ClientSocket client);
    }

    /** Takes the connection over: it is closed at the end of {@link #run}. */
    ClientSocket(TcpConnection connection, InetSocketAddress listen, IoHandler handler, Surroundings surroundings) {
        this.connection = connection;
        this.listen = listen;
        this.handler = handler;
        this.surroundings = surroundings;
        this.outbox = new Outbox(connection, this, surroundings::run);
        this.input = surroundings.input().account(this::endForInput);
    }

    /** Until the connection has ended. */
    @Override
    public void run() {
        try {
            begin();
            read();
        } catch (Exception | LinkageError | StackOverflowError e) {
            exceptionCaught(e);
        } finally {
            close(true);
            outbox.release();
        }
    }

    private void begin() throws Exception {
        try {
            handler.sessionCreated(this);
        } catch (Exception e) {
            surroundings.unwelcome(this);
            throw e;
        }
    }

    private void read() throws Exception {
        while (!closeFuture.isClosed()) {
            if (readWhatIsThere()) {
                return;
            }
            connection.awaitReadable();
        }
    }

    /**
     * A buffer is on loan only while there is something in it: who is silent has none.
     *
     * @return whether that was the end
     */
    private boolean readWhatIsThere() throws Exception {
        byte[] buffer = surroundings.buffers().take();
        try {
            int count;
            do {
                awaitResumed();
                outbox.awaitRoom();
                count = connection.receive(buffer);
                if (count > 0) {
                    received(buffer, count);
                }
            } while (count == buffer.length && !closeFuture.isClosed());
            return count < 0;
        } finally {
            surroundings.buffers().give(buffer);
        }
    }

    /** Client and gateway speak in turns until a login: an acknowledgement that the kernel holds back would delay a turn by 40 ms. */
    private void received(byte[] buffer, int count) throws Exception {
        if (!isLoggedIn) {
            connection.acknowledge();
        }
        handler.messageReceived(this, new ByteArrayBuffer(buffer, 0, count));
    }

    /** From now on much may come, and the kernel knows best when to acknowledge. */
    void loggedIn(String tenant) {
        input.loggedIn(tenant);
        isLoggedIn = true;
    }

    /** What its processes have not taken yet. */
    InputBudget.Account input() {
        return input;
    }

    /** Nothing more is read from then on, as what comes is on no account. */
    private void endForInput() {
        suspendRead();
        try {
            surroundings.run(this::holdsTooMuch);
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            LOG.debug("event=not-told, closing", e);
            close(true);
        }
    }

    private void holdsTooMuch() {
        LOG.warn("event=connection-ended reason=INPUT_NOT_TAKEN source={}", connection.remote());
        AbstractSession session = AbstractSession.getSession(this, true);
        if (session != null) {
            try {
                session.disconnect(
                        SshConstants.SSH2_DISCONNECT_BY_APPLICATION,
                        "What you send and no program reads fills the gateway's memory; send less at a time");
                return;
            } catch (IOException e) {
                LOG.debug("event=not-told, closing", e);
            }
        }
        close(true);
    }

    @Override
    public void suspendRead() {
        synchronized (reading) {
            isSuspended = true;
        }
    }

    @Override
    public void resumeRead() {
        synchronized (reading) {
            isSuspended = false;
            reading.notifyAll();
        }
    }

    private void awaitResumed() throws InterruptedException {
        synchronized (reading) {
            while (isSuspended && !closeFuture.isClosed()) {
                reading.wait();
            }
        }
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) {
        return outbox.send(buffer);
    }

    /** What the thread writes in this is followed by more at once. */
    IoWriteFuture followed(Outbox.Writing writing) throws IOException {
        return outbox.followed(writing);
    }

    void exceptionCaught(Throwable cause) {
        if (closeFuture.isClosed()) {
            return;
        }
        if (isOpen()) {
            try {
                handler.exceptionCaught(this, cause);
            } catch (Exception e) {
                LOG.debug("event=exception-handler-failed, closing", e);
            }
        }
        close(true);
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        return afterWrites(outbox::end);
    }

    private CloseFuture afterWrites(Runnable then) {
        return builder().when(this, outbox.waiting()).run(this, then).build().close(false);
    }

    @Override
    public void shutdownOutputStream() {
        afterWrites(outbox::end);
    }

    /** Wakes whoever waits for the socket; its own thread closes it. */
    @Override
    protected void doCloseImmediately() {
        outbox.abort(new WriteAbortedException("the connection was closed", null));
        outbox.shutDown();
        input.close();
        surroundings.left(this);
        super.doCloseImmediately();
        resumeRead();
        try {
            handler.sessionClosed(this);
        } catch (Exception e) {
            LOG.debug("event=session-not-closed, ignoring", e);
        }
        attributes.clear();
    }

    @Override
    public long getId() {
        return id;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return connection.remote();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return connection.local();
    }

    @Override
    public InetSocketAddress getAcceptanceAddress() {
        return listen;
    }

    @Override
    public IoService getService() {
        return surroundings.service();
    }

    @Override
    public @Nullable Object getAttribute(Object key) {
        return attributes.get(key);
    }

    @Override
    public @Nullable Object setAttribute(Object key, Object value) {
        return attributes.put(key, value);
    }

    @Override
    public @Nullable Object setAttributeIfAbsent(Object key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public @Nullable Object removeAttribute(Object key) {
        return attributes.remove(key);
    }

    @Override
    public String toString() {
        return "ClientSocket[" + connection.remote() + "]";
    }
}
