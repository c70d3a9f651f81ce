// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.AbstractServerSession;
import org.apache.sshd.server.session.ServerConnectionService;

/** MINA's connection service, which takes a client's no to a channel that we offer for a no to a client of its own, and ends the session. */
final class ConnectionProtocol extends ServerConnectionService {
    private ConnectionProtocol(AbstractServerSession session) throws SshException {
        super(session);
    }

    @Override
    public void channelOpenFailure(Buffer buffer) throws IOException {
        Channel channel = getChannel(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, buffer);
        if (channel != null) {
            channel.handleOpenFailure(buffer);
        }
    }

    /** Makes one a session. */
    static final class Factory implements ServiceFactory {
        @Override
        public String getName() {
            return "ssh-connection";
        }

        @Override
        public ConnectionProtocol create(Session session) throws IOException {
            return new ConnectionProtocol((AbstractServerSession) session);
        }
    }
}
