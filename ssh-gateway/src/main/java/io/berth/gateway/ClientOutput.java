// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.RemoteWindow;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * The way of bytes to a client over one channel. It blocks as long as the client's window is closed and as long as the socket
 * takes nothing: a client that reads nothing must not fill our memory, however large a window it claims.
 */
final class ClientOutput {
    /** Which of a channel's two streams. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /** Packets handed to the socket and not sent yet; enough to keep it busy while the next one is being encrypted. */
    private static final int MOST_IN_FLIGHT = 4;

    private static final Duration FOREVER = Duration.ofDays(3650);
    private static final Duration GLANCE = Duration.ofSeconds(5);
    private static final int HEAD_BYTES = 16;

    private final Channel channel;
    private final ReentrantLock lock = new ReentrantLock(true); // fair: stdout must not starve stderr
    private final Deque<IoWriteFuture> inFlight = new ArrayDeque<>();

    private final IntConsumer sent;

    ClientOutput(Channel channel) {
        this(channel, _ -> {});
    }

    /** @param sent hears how many bytes are on their way */
    ClientOutput(Channel channel, IntConsumer sent) {
        this.channel = channel;
        this.sent = sent;
    }

    /** @throws IOException when the channel is closed */
    void write(Stream stream, byte[] bytes, int length) throws IOException, InterruptedException {
        for (int done = 0; done < length; ) {
            done += writePart(stream, bytes, done, length - done);
        }
    }

    /** Space is taken from the window under the lock, so that the two streams never take the same space. */
    private int writePart(Stream stream, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitSent(MOST_IN_FLIGHT - 1);
            RemoteWindow window = channel.getRemoteWindow();
            int part = (int) Math.min(length, Math.min(window.waitForSpace(FOREVER), window.getPacketSize()));
            window.consume(part);
            inFlight.add(write(packet(stream, bytes, offset, part), part < length && window.getSize() > 0));
            sent.accept(part);
            return part;
        } finally {
            lock.unlock();
        }
    }

    private IoWriteFuture write(Buffer packet, boolean isFollowed) throws IOException {
        if (isFollowed && channel.getSession().getIoSession() instanceof ClientSocket socket) {
            return socket.followed(() -> channel.writePacket(packet));
        }
        return channel.writePacket(packet);
    }

    /** Blocks until everything has reached the socket. */
    void flush() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitSent(0);
        } finally {
            lock.unlock();
        }
    }

    private void awaitSent(int mostLeft) throws IOException {
        while (inFlight.size() > mostLeft) {
            IoWriteFuture oldest = inFlight.element();
            while (!oldest.await(GLANCE)) {
                if (channel.isClosing()) {
                    throw new IOException("the channel is closed");
                }
            }
            inFlight.remove().verify();
        }
    }

    private Buffer packet(Stream stream, byte[] bytes, int offset, int length) {
        byte command = stream == Stream.STDOUT
                ? SshConstants.SSH_MSG_CHANNEL_DATA
                : SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA;
        Buffer packet = channel.getSession().createBuffer(command, length + HEAD_BYTES);
        packet.putUInt(channel.getRecipient());
        if (stream == Stream.STDERR) {
            packet.putUInt(SshConstants.SSH_EXTENDED_DATA_STDERR);
        }
        packet.putBytes(bytes, offset, length);
        return packet;
    }
}
