// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import static io.berth.core.linux.SocketConstant.AF_UNIX;
import static io.berth.core.linux.SocketConstant.MSG_DONTWAIT;
import static io.berth.core.linux.SocketConstant.SHUT_RDWR;
import static io.berth.core.linux.SocketConstant.SOCK_SEQPACKET;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.PollCalls.Interest;
import io.berth.core.linux.ReceivedMessage;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SyscallException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One end of a connected SOCK_SEQPACKET socket that carries {@link Wire}'s packets. One thread may receive while others send;
 * any thread may close, which wakes the rest. For platform threads: every call blocks its carrier.
 */
public final class PacketChannel implements AutoCloseable {
    /** The most descriptors that a packet bears: those of an attach with pipes. */
    public static final int MOST_FDS = 4;

    private final Fd socket;
    private final ReentrantLock sending = new ReentrantLock();
    private final ReentrantLock receiving = new ReentrantLock();

    /** Takes the ownership of the socket. */
    public PacketChannel(Fd socket) {
        this.socket = socket;
    }

    /** @throws SyscallException ENOENT or ECONNREFUSED when nobody listens there */
    public static PacketChannel connect(Path path) {
        Fd socket = SocketCalls.socket(AF_UNIX, SOCK_SEQPACKET, 0);
        try {
            SocketCalls.connectUnix(socket, path.toString());
            return new PacketChannel(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends one packet with copies of these descriptors.
     *
     * @param patience how long the other end may leave the socket full
     * @return false when the other end is gone, did not read in time, or this end is closed
     */
    public boolean send(byte[] packet, List<Fd> fds, Duration patience) {
        if (!acquire(patience)) {
            return false; // another thread is stuck in a send: this end is not worth waiting for
        }
        try {
            while (socket.isOpen()) {
                Errno errno = sendNow(packet, fds);
                if (errno == Errno.EUNKNOWN) {
                    return true;
                }
                if (errno != Errno.EAGAIN || !awaitRoom(patience)) {
                    return false;
                }
            }
            return false;
        } finally {
            sending.unlock();
        }
    }

    private boolean acquire(Duration patience) {
        try {
            return sending.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean awaitRoom(Duration patience) {
        return !PollCalls.ppoll(patience, Interest.out(socket)).getFirst().isEmpty();
    }

    private Errno sendNow(byte[] packet, List<Fd> fds) {
        try {
            SocketCalls.sendmsg(socket, packet, fds, MSG_DONTWAIT);
            return Errno.EUNKNOWN;
        } catch (SyscallException e) {
            return switch (e.errno()) {
                case EAGAIN, EPIPE, ECONNRESET, ENOTCONN -> e.errno();
                default -> throw e;
            };
        }
    }

    /**
     * Blocks until a packet comes.
     *
     * @param mostFds how many descriptors it may bear
     * @return empty when the other end is gone or this end was closed
     * @throws SyscallException EMSGSIZE when it is larger than {@link Wire#MOST_BYTES} or bears more descriptors; the packet is
     *     dropped and the next one can be received
     */
    public Optional<ReceivedMessage> receive(int mostFds) {
        receiving.lock();
        try {
            return socket.isOpen() ? SocketCalls.recvmsg(socket, Wire.MOST_BYTES, mostFds) : Optional.empty();
        } catch (SyscallException e) {
            if (e.errno() == Errno.ECONNRESET) {
                return Optional.empty();
            }
            throw e;
        } finally {
            receiving.unlock();
        }
    }

    /** Ends the conversation: both ends see its end once they have received what was sent; wakes whoever blocks here. */
    public synchronized void shutdown() {
        if (socket.isOpen()) {
            try {
                SocketCalls.shutdown(socket, SHUT_RDWR);
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENOTCONN) { // the other end was faster
                    throw e;
                }
            }
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        shutdown();
        receiving.lock();
        sending.lock();
        try {
            closeDrained();
        } finally {
            sending.unlock();
            receiving.unlock();
        }
    }

    /** Unread packets would reset the connection and so destroy our last answer: unix_release_sock, net/unix/af_unix.c. */
    private synchronized void closeDrained() {
        while (socket.isOpen() && dropOne()) {}
        socket.close();
    }

    private boolean dropOne() {
        try {
            Optional<ReceivedMessage> unread = SocketCalls.recvmsg(socket, 1, MOST_FDS, MSG_DONTWAIT);
            unread.ifPresent(ReceivedMessage::close);
            return unread.isPresent();
        } catch (SyscallException e) {
            return e.errno() == Errno.EMSGSIZE;
        }
    }
}
