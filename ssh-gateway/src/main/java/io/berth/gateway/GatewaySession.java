// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, with a bound on what it may send before it has logged in, and on its channels afterwards. */
final class GatewaySession extends ServerSessionImpl {
    // MINA logs under this class's name, in a stranger's words
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    /**
     * A key exchange and six keys are some thirty packets, an agent full of keys and its signatures under a hundred. More than this is
     * somebody who keeps us busy: with SSH_MSG_IGNORE, with key exchanges that cost us more than them.
     */
    static final int MOST_PACKETS_BEFORE_LOGIN = 256;

    /** RFC 4253, section 4.2. */
    private static final String SSH = "SSH-";

    private static final String NOT_SSH = "Invalid SSH identification string.\r\n"; // sshd's words

    private final Admission admission;
    private final int maxChannels;
    private boolean isHeaderDue;
    private volatile ProxyHeader.@Nullable Relayed relayed;
    private int packets;

    private GatewaySession(ServerFactoryManager manager, IoSession socket, Admission admission, int maxChannels)
            throws Exception {
        super(manager, socket);
        this.admission = admission;
        this.maxChannels = maxChannels;
        this.isHeaderDue = admission.isProxy(socket.getRemoteAddress());
    }

    static SessionFactory factory(ServerFactoryManager manager, Admission admission, int maxChannels) {
        return new SessionFactory(manager) {
            @Override
            protected ServerSessionImpl doCreateSession(IoSession socket) throws Exception {
                return new GatewaySession(getServer(), socket, admission, maxChannels);
            }
        };
    }

    /** The client's end, whoever passes its connection on. */
    @Override
    public SocketAddress getRemoteAddress() {
        var header = relayed; // null too while MINA's constructor asks
        return header == null ? getIoSession().getRemoteAddress() : header.client();
    }

    /** Where the client meant to go. */
    @Override
    public SocketAddress getLocalAddress() {
        var header = relayed;
        return header == null ? getIoSession().getLocalAddress() : header.server();
    }

    /** A first line that is no SSH client's is answered as sshd does, and at once: MINA would wait for more. */
    @Override
    protected boolean readIdentification(Buffer buffer) throws Exception {
        if (isHeaderDue && !readHeader(buffer)) {
            return false;
        }
        if (startsLikeSsh(buffer)) {
            return super.readIdentification(buffer);
        }
        buffer.rpos(buffer.wpos());
        LOG.info("event=connection-ended reason=NOT_SSH source={}", KeyCheck.source(this));
        getIoSession()
                .writeBuffer(new ByteArrayBuffer(NOT_SSH.getBytes(StandardCharsets.US_ASCII)))
                .addListener(_ -> close(true));
        return false;
    }

    /** @return whether it has come, whole, and names somebody whose connections are taken; nobody else hears a word */
    private boolean readHeader(Buffer buffer) {
        return switch (ProxyHeader.read(buffer.array(), buffer.rpos(), buffer.available())) {
            case ProxyHeader.Incomplete _ -> false;
            case ProxyHeader.Own own -> headerIs(buffer, own.length());
            case ProxyHeader.Relayed header -> {
                if (!admission.reveal(getIoSession().getRemoteAddress(), header.client())) {
                    yield ended(buffer);
                }
                relayed = header;
                yield headerIs(buffer, header.length());
            }
            case ProxyHeader.Invalid(String reason) -> {
                LOG.info(
                        "event=connection-ended reason=PROXY_HEADER cause=\"{}\" source={}",
                        reason,
                        KeyCheck.source(this));
                yield ended(buffer);
            }
        };
    }

    private boolean headerIs(Buffer buffer, int length) {
        buffer.rpos(buffer.rpos() + length);
        isHeaderDue = false;
        return true;
    }

    private boolean ended(Buffer buffer) {
        buffer.rpos(buffer.wpos());
        close(true);
        return false;
    }

    private static boolean startsLikeSsh(Buffer buffer) {
        int known = Math.min(buffer.available(), SSH.length());
        for (int i = 0; i < known; i++) {
            if (buffer.array()[buffer.rpos() + i] != SSH.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    protected void handleMessage(Buffer buffer) throws Exception {
        if (!isAuthenticated() && ++packets > MOST_PACKETS_BEFORE_LOGIN) {
            if (packets == MOST_PACKETS_BEFORE_LOGIN + 1) {
                LOG.info("event=connection-ended reason=PACKETS_BEFORE_LOGIN source={}", KeyCheck.source(this));
                disconnect(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Too many packets before a login");
            }
            return;
        }
        if (buffer.array()[buffer.rpos()] == SshConstants.SSH_MSG_CHANNEL_OPEN && isAuthenticated() && isFull()) {
            refuseChannel(buffer);
            return;
        }
        super.handleMessage(buffer);
    }

    private boolean isFull() {
        var service = getService(AbstractConnectionService.class);
        return service != null && service.getChannels().size() >= maxChannels;
    }

    private void refuseChannel(Buffer open) throws Exception {
        open.getUByte();
        open.getString();
        Buffer failure = createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
        failure.putUInt(open.getUInt());
        failure.putUInt(SshConstants.SSH_OPEN_RESOURCE_SHORTAGE);
        failure.putString("this connection has " + maxChannels + " channels open; close some first");
        failure.putString("");
        LOG.info("event=channel-refused reason=MAX_CHANNELS source={}", KeyCheck.source(this));
        writePacket(failure);
    }
}
