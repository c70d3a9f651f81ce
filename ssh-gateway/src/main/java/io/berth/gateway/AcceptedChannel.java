// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerSocket;
import io.berth.core.protocol.Endpoint;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that somebody in the container made, offered to the client. */
final class AcceptedChannel extends SocketChannel {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptedChannel.class);

    private final ContainerSocket socket;
    private final AtomicBoolean opened = new AtomicBoolean();

    private AcceptedChannel(ContainerSocket socket, Executor threads) {
        super(threads);
        this.socket = socket;
        adopt(socket);
    }

    /**
     * Offers the connection; it is closed if the client does not want it.
     *
     * @param offered what it is
     * @param details adds what the type says about it
     */
    static void offer(
            ConnectionService service,
            ContainerSocket socket,
            Forwards forwards,
            Offered offered,
            Consumer<Buffer> details)
            throws IOException {
        var channel = new AcceptedChannel(socket, forwards.threads());
        channel.tellAtEnd(forwards.noteAtEnd(service.getSession(), offered.at()));
        try {
            service.registerChannel(channel);
            channel.ask(offered.type(), details);
        } catch (IOException | RuntimeException e) {
            channel.close(true);
            throw e;
        }
    }

    /**
     * A connection as it is offered.
     *
     * @param type of the channel
     * @param at where in the container it was made to
     */
    record Offered(String type, Endpoint at) {}

    private void ask(String type, Consumer<Buffer> details) throws IOException {
        Session session = getSession();
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN);
        packet.putString(type);
        packet.putUInt(getChannelId());
        packet.putUInt(getLocalWindow().getSize());
        packet.putUInt(getLocalWindow().getPacketSize());
        details.accept(packet);
        session.writePacket(packet);
    }

    @Override
    public void handleOpenSuccess(long recipient, long windowBytes, long packetBytes, Buffer buffer)
            throws IOException {
        if (opened.getAndSet(true)) {
            throw new SshException("a second confirmation of channel " + getChannelId()); // each would cost two threads
        }
        setRecipient(recipient);
        getRemoteWindow().init(windowBytes, packetBytes, getSession().getFactoryManager());
        signalChannelOpenSuccess();
        carry(socket);
    }

    @Override
    public void handleOpenFailure(Buffer buffer) {
        long reason = buffer.getUInt();
        LOG.info(
                "event=forward-unwanted reason={} message=\"{}\" session={}",
                reason,
                Printable.line(buffer.getString()),
                getSession());
        close(true);
    }
}
