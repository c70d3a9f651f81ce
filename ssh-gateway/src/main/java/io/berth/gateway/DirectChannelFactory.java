// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.Session;

/** Opens channels of one type that lead into the container. */
final class DirectChannelFactory implements ChannelFactory {
    private final String type;
    private final Forwards forwards;

    /** @param type {@link DirectChannel#TCP} or {@link DirectChannel#UNIX} */
    DirectChannelFactory(String type, Forwards forwards) {
        this.type = type;
        this.forwards = forwards;
    }

    @Override
    public String getName() {
        return type;
    }

    @Override
    public Channel createChannel(Session session) {
        return new DirectChannel(type, forwards);
    }
}
