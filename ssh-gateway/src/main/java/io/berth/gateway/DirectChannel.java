// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerSocket;
import io.berth.core.protocol.Endpoint;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that the client asks for, from inside the container: RFC 4254, section 7.2, and OpenSSH's PROTOCOL, section 2.4. */
final class DirectChannel extends SocketChannel {
    /** Over TCP: ssh -L, -D, -W, -J. */
    static final String TCP = "direct-tcpip";
    /** To a Unix socket. */
    static final String UNIX = "direct-streamlocal@openssh.com";

    private static final Logger LOG = LoggerFactory.getLogger(DirectChannel.class);
    private static final long MOST_PORT = 65_535;

    private final String type;
    private final Forwards forwards;

    DirectChannel(String type, Forwards forwards) {
        super(forwards.threads());
        this.type = type;
        this.forwards = forwards;
    }

    @Override
    protected OpenFuture doInit(Buffer buffer) {
        var opening = new DefaultOpenFuture(this, this);
        try {
            Endpoint to = endpoint(buffer);
            forwards.requireRoom(getSession(), to);
            forwards.threads().execute(() -> open(to, opening));
        } catch (ForwardRefusedException e) {
            fail(e);
        }
        return opening;
    }

    /** What else the packet says, where the client's own end is, is the client's word and of no use. */
    private Endpoint endpoint(Buffer buffer) throws ForwardRefusedException {
        String where = buffer.getString();
        if (type.equals(UNIX)) {
            return new Endpoint.Unix(where);
        }
        long port = buffer.getUInt();
        if (port > MOST_PORT) {
            throw new ForwardRefusedException(SshConstants.SSH_OPEN_CONNECT_FAILED, "there is no port " + port);
        }
        return new Endpoint.Tcp(bare(where), (int) port);
    }

    /** Some clients send an IPv6 address as they were given it, [::1]. */
    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** The confirmation goes out before the first byte: MINA sends it while it is told of the success. */
    private void open(Endpoint to, OpenFuture opening) {
        try {
            ContainerSocket socket = forwards.connect(getSession(), to);
            if (!adopt(socket)) {
                return; // the client has gone
            }
            tellAtEnd(forwards.noteAtEnd(getSession(), to));
            signalChannelOpenSuccess();
            opening.setOpened();
            carry(socket);
        } catch (ForwardRefusedException e) {
            fail(e);
        } catch (RuntimeException e) {
            LOG.error("event=forward-failed endpoint={}", Forwards.text(to), e);
            fail(new ForwardRefusedException(
                    SshConstants.SSH_OPEN_CONNECT_FAILED, "the gateway failed; its log has the cause"));
        }
    }

    /** Tells the client why. MINA, whose future stays open for that, would say "Generic error while opening channel". */
    private void fail(ForwardRefusedException refusal) {
        Buffer packet = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
        packet.putUInt(getRecipient());
        packet.putUInt(refusal.code());
        packet.putString(Printable.line(String.valueOf(refusal.getMessage())));
        packet.putString(""); // language
        try {
            getSession().writePacket(packet);
        } catch (IOException e) {
            LOG.debug("event=gone-while-refused", e);
        } finally {
            close(true); // without a word: to the client it never was open
        }
    }
}
