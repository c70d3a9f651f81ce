// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.tcp.TcpConnection;
import java.io.IOException;
import java.io.WriteAbortedException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket, and the thread that deals with what comes from it: between the kernel's word that something has come and the
 * process that gets it no other thread has to wake. What is sent goes to the kernel in the sender's own thread as long as the kernel
 * takes it; what it does not take another thread sends, for a sender may hold the session's lock.
 */
final class ClientSocket extends AbstractCloseable implements IoSession, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSocket.class);
    private static final AtomicLong IDS = new AtomicLong();
    /** Of packets that the client does not take, answers for the most part: then nothing more is read from it until it does. */
    private static final int MOST_WAITING = 4096;

    private final long id = IDS.incrementAndGet();
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    private final Deque<Write> waiting = new ArrayDeque<>();
    private final Object reading = new Object();
    private final TcpConnection connection;
    private final InetSocketAddress listen;
    private final IoHandler handler;
    private final Surroundings surroundings;
    private boolean isDraining;
    private boolean isSuspended;
    private volatile boolean isLoggedIn;

    /** What a socket needs of its acceptor. */
    interface Surroundings {
        IoService service();

        ReadBuffers buffers();

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
    }

    /** Bytes on their way, and who waits for that. */
    private static final class Write extends AbstractIoWriteFuture {
        private final byte[] bytes;
        private final int end;
        private int sent;

        Write(Object id, Buffer buffer) {
            super(id, null);
            bytes = buffer.array();
            sent = buffer.rpos();
            end = buffer.wpos();
        }

        /** @return whether all has gone */
        boolean send(TcpConnection to) throws IOException {
            while (sent < end) {
                int count = to.send(bytes, sent, end - sent);
                if (count == 0) {
                    return false;
                }
                sent += count;
            }
            return true;
        }
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
            release();
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

    /** The number may be another connection's from now on. */
    private void release() {
        synchronized (waiting) {
            connection.close();
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
                awaitRoom();
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
    void loggedIn() {
        isLoggedIn = true;
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

    private void awaitRoom() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.size() > MOST_WAITING && !closeFuture.isClosed()) {
                waiting.wait();
            }
        }
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) {
        var write = new Write(this, buffer);
        try {
            if (!sendNow(write)) {
                return write;
            }
            write.setValue(true);
        } catch (IOException e) {
            write.setValue(e);
            exceptionCaught(e);
        }
        return write;
    }

    /** @return false when it has to wait, for others or because the client reads slowly */
    private boolean sendNow(Write write) throws IOException {
        synchronized (waiting) {
            if (isClosing() || !connection.isOpen()) {
                throw new ClosedChannelException();
            }
            if (!isDraining && write.send(connection)) {
                return true;
            }
            if (!isDraining) {
                startDraining();
            }
            waiting.add(write);
            return false;
        }
    }

    private void startDraining() throws IOException {
        try {
            surroundings.run(this::drain);
            isDraining = true;
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            throw new IOException("no thread to send with", e);
        }
    }

    private void drain() {
        try {
            do {
                awaitWritable();
            } while (!sendWaiting());
        } catch (IOException | RuntimeException e) {
            abort(e);
            exceptionCaught(e);
        }
    }

    /** Outside of the lock; what closes meanwhile shuts down first, which ends the waiting. */
    private void awaitWritable() throws IOException {
        try {
            connection.awaitWritable();
        } catch (IllegalStateException e) {
            throw new ClosedChannelException();
        }
    }

    /** @return whether nothing is left to send */
    private boolean sendWaiting() throws IOException {
        List<Write> done = new ArrayList<>();
        try {
            synchronized (waiting) {
                isDraining = connection.isOpen() && !sendInto(done);
                waiting.notifyAll();
                return !isDraining;
            }
        } finally {
            done.forEach(write -> write.setValue(true));
        }
    }

    private boolean sendInto(List<Write> done) throws IOException {
        while (!waiting.isEmpty()) {
            if (!waiting.element().send(connection)) {
                return false;
            }
            done.add(waiting.remove());
        }
        return true;
    }

    private void abort(Throwable cause) {
        List<Write> left;
        synchronized (waiting) {
            left = List.copyOf(waiting);
            waiting.clear();
            waiting.notifyAll();
        }
        left.forEach(write -> write.setValue(cause));
    }

    private void exceptionCaught(Throwable cause) {
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
        return afterWrites(this::endOutput);
    }

    private CloseFuture afterWrites(Runnable then) {
        List<Write> writes;
        synchronized (waiting) {
            writes = List.copyOf(waiting);
        }
        return builder().when(this, writes).run(this, then).build().close(false);
    }

    @Override
    public void shutdownOutputStream() {
        afterWrites(this::endOutput);
    }

    private void endOutput() {
        whileOpen(TcpConnection::endOutput);
    }

    private void whileOpen(Consumer<TcpConnection> action) {
        synchronized (waiting) {
            if (connection.isOpen()) {
                action.accept(connection);
            }
        }
    }

    /** Wakes whoever waits for the socket; its own thread closes it. */
    @Override
    protected void doCloseImmediately() {
        abort(new WriteAbortedException("the connection was closed", null));
        whileOpen(TcpConnection::shutDown);
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
