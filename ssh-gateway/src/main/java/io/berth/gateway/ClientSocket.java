// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.io.WriteAbortedException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import jdk.net.ExtendedSocketOptions;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.io.nio2.Nio2CompletionHandler;
import org.apache.sshd.common.io.nio2.Nio2Service;
import org.apache.sshd.common.io.nio2.Nio2Session;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket. What is sent goes to the kernel in the sender's own thread as long as the kernel takes it; MINA would begin a
 * thread for each packet, to say that it has been sent.
 */
final class ClientSocket extends Nio2Session {
    private final Deque<Write> waiting = new ArrayDeque<>();
    private boolean isDraining;
    private volatile boolean isLoggedIn;

    ClientSocket(
            Nio2Service service,
            FactoryManager manager,
            IoHandler handler,
            AsynchronousSocketChannel socket,
            SocketAddress listen)
            throws IOException {
        super(service, manager, handler, socket, listen);
    }

    /** Bytes on their way, and who waits for that. */
    private static final class Write extends AbstractIoWriteFuture {
        private final ByteBuffer bytes;

        Write(Object id, ByteBuffer bytes) {
            super(id, null);
            this.bytes = bytes;
        }
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) {
        var write = new Write(this, ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available()));
        if (isClosing()) {
            fail(write, new ClosedChannelException());
            return write;
        }
        try {
            Future<Integer> blocked;
            synchronized (waiting) {
                if (isDraining) {
                    waiting.add(write);
                    return write;
                }
                blocked = begin(write.bytes);
                if (blocked != null) {
                    isDraining = true;
                    waiting.add(write);
                }
            }
            if (blocked == null) {
                write.setValue(true);
            } else {
                Thread.startVirtualThread(() -> drain(blocked));
            }
        } catch (IOException e) {
            fail(write, e);
        }
        return write;
    }

    private void fail(Write write, Throwable cause) {
        write.setValue(cause);
        exceptionCaught(cause);
    }

    /** @return what has to be waited for before the rest can be written; null when all is written */
    private @Nullable Future<Integer> begin(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            Future<Integer> written = getSocket().write(bytes);
            if (!written.isDone()) {
                return written;
            }
            if (written.state() == Future.State.FAILED) {
                throw new IOException(written.exceptionNow());
            }
        }
        return null;
    }

    /** The kernel's buffer is full: the client reads slowly. */
    private void drain(Future<Integer> first) {
        Future<Integer> blocked = first;
        try {
            while (true) {
                if (blocked != null) {
                    blocked.get();
                }
                Write done;
                boolean isLast;
                synchronized (waiting) {
                    Write current = waiting.peek();
                    if (current == null) { // aborted by the end of the connection
                        return;
                    }
                    blocked = begin(current.bytes);
                    if (blocked != null) {
                        continue;
                    }
                    done = waiting.remove();
                    isLast = waiting.isEmpty();
                    isDraining = !isLast;
                }
                done.setValue(true);
                if (isLast) {
                    return;
                }
            }
        } catch (IOException e) {
            failAll(e);
        } catch (ExecutionException e) {
            failAll(Objects.requireNonNullElse(e.getCause(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failAll(e);
        }
    }

    private void failAll(Throwable cause) {
        abort(cause);
        exceptionCaught(cause);
    }

    private void abort(Throwable cause) {
        List<Write> left;
        synchronized (waiting) {
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(write -> write.setValue(cause));
    }

    private List<Write> waiting() {
        synchronized (waiting) {
            return List.copyOf(waiting);
        }
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        return builder()
                .when(this, waiting())
                .run(this, this::endOutput)
                .build()
                .close(false);
    }

    private void endOutput() {
        try {
            getSocket().shutdownOutput();
        } catch (IOException e) {
            log.debug("event=output-not-ended, ignoring", e); // it is gone already
        }
    }

    @Override
    protected void doCloseImmediately() {
        abort(new WriteAbortedException("the connection was closed", null));
        super.doCloseImmediately();
    }

    /** From now on what comes is dealt with where it arrives, without waiting for anybody else. */
    void loggedIn() {
        isLoggedIn = true;
    }

    /**
     * A login waits for the platform, and must not keep other clients' packets waiting: each has a virtual thread of its own for that.
     * Both sides speak in turns until then, so an acknowledgement that the kernel holds back would delay every turn by 40 ms.
     */
    @Override
    protected void handleReadCycleCompletion(
            ByteBuffer buffer,
            Readable reader,
            Nio2CompletionHandler<Integer, Object> handler,
            Integer count,
            Object attachment) {
        if (!isLoggedIn) {
            acknowledge();
        }
        super.handleReadCycleCompletion(buffer, reader, handler, count, attachment);
    }

    private void acknowledge() {
        try {
            getSocket()
                    .setOption(ExtendedSocketOptions.TCP_QUICKACK, true); // until the kernel thinks otherwise: tcp(7)
        } catch (IOException e) {
            log.debug("event=no-quick-acknowledgement, ignoring", e);
        }
    }
}
