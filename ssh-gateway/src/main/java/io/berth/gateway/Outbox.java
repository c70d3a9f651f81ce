// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.tcp.TcpConnection;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What goes to a client. It goes to the kernel in the sender's own thread as long as the kernel takes it; what it does not take another
 * thread sends, for a sender may hold the session's lock.
 */
final class Outbox {
    /** Of packets that the client does not take, answers for the most part: then nothing more is read from it until it does. */
    private static final int MOST_WAITING = 4096;

    private final TcpConnection connection;
    private final ClientSocket client;
    private final Executor threads;
    private final Deque<Write> waiting = new ArrayDeque<>();
    private boolean isDraining;
    private volatile @Nullable Thread followed;

    /** What writes a packet. */
    interface Writing {
        IoWriteFuture write() throws IOException;
    }

    /** @param threads which may wait */
    Outbox(TcpConnection connection, ClientSocket client, Executor threads) {
        this.connection = connection;
        this.client = client;
        this.threads = threads;
    }

    /** Bytes on their way, and who waits for that. */
    private static final class Write extends AbstractIoWriteFuture {
        private final byte[] bytes;
        private final int end;
        private final boolean isFollowed;
        private int sent;

        Write(Object id, Buffer buffer, boolean isFollowed) {
            super(id, null);
            this.isFollowed = isFollowed;
            bytes = buffer.array();
            sent = buffer.rpos();
            end = buffer.wpos();
        }

        /** @return whether all has gone */
        boolean send(TcpConnection to, boolean more) throws IOException {
            while (sent < end) {
                int count = to.send(bytes, sent, end - sent, more);
                if (count == 0) {
                    return false;
                }
                sent += count;
            }
            return true;
        }
    }

    /** What the calling thread writes in this is followed by more at once, which the kernel may join it with. */
    IoWriteFuture followed(Writing writing) throws IOException {
        followed = Thread.currentThread();
        try {
            return writing.write();
        } finally {
            followed = null;
        }
    }

    IoWriteFuture send(Buffer buffer) {
        var write = new Write(client, buffer, followed == Thread.currentThread());
        try {
            if (!sendNow(write)) {
                return write;
            }
            write.setValue(true);
        } catch (IOException e) {
            write.setValue(e);
            client.exceptionCaught(e);
        }
        return write;
    }

    /** @return false when it has to wait, for others or because the client reads slowly */
    private boolean sendNow(Write write) throws IOException {
        synchronized (waiting) {
            if (client.isClosing() || !connection.isOpen()) {
                throw new ClosedChannelException();
            }
            if (!isDraining && write.send(connection, write.isFollowed)) {
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
            threads.execute(this::drain);
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
            client.exceptionCaught(e);
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
            if (!waiting.element().send(connection, waiting.size() > 1)) {
                return false;
            }
            done.add(waiting.remove());
        }
        return true;
    }

    /** Until the client takes what it is sent, or is gone. */
    void awaitRoom() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.size() > MOST_WAITING && !client.isClosed()) {
                waiting.wait();
            }
        }
    }

    List<? extends IoWriteFuture> waiting() {
        synchronized (waiting) {
            return List.copyOf(waiting);
        }
    }

    /** What waits is not sent. */
    void abort(Throwable cause) {
        List<Write> left;
        synchronized (waiting) {
            left = List.copyOf(waiting);
            waiting.clear();
            waiting.notifyAll();
        }
        left.forEach(write -> write.setValue(cause));
    }

    void end() {
        whileOpen(TcpConnection::endOutput);
    }

    void shutDown() {
        whileOpen(TcpConnection::shutDown);
    }

    private void whileOpen(Consumer<TcpConnection> action) {
        synchronized (waiting) {
            if (connection.isOpen()) {
                action.accept(connection);
            }
        }
    }

    /** The connection's number may be another's from now on. */
    void release() {
        synchronized (waiting) {
            connection.close();
        }
    }
}
