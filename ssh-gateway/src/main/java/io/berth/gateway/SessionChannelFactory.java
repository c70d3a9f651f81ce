// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens channels of type session. */
final class SessionChannelFactory implements ChannelFactory {
    private static final Logger LOG = LoggerFactory.getLogger(SessionChannelFactory.class);
    private final Relays relays;
    private final int maxSessions;

    /** @param maxSessions as sshd's MaxSessions; each has up to four threads and a window of 2 MiB */
    SessionChannelFactory(Relays relays, int maxSessions) {
        this.relays = relays;
        this.maxSessions = maxSessions;
    }

    @Override
    public String getName() {
        return "session";
    }

    /** @return null, which MINA answers with a failure, when the connection has enough */
    @Override
    public @Nullable Channel createChannel(Session session) throws IOException {
        long sessions = session.getService(AbstractConnectionService.class).getChannels().stream()
                .filter(SessionChannel.class::isInstance)
                .count();
        if (sessions >= maxSessions || NoMoreSessions.isAsked(session)) {
            LOG.info(
                    "event=channel-refused reason={} session={}",
                    sessions >= maxSessions ? "MAX_SESSIONS" : "NO_MORE_SESSIONS",
                    session);
            return null;
        }
        return new SessionChannel(relays);
    }
}
