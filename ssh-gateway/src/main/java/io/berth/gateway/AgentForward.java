// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerListener;
import io.berth.core.protocol.Endpoint;
import org.apache.sshd.common.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads programs in the container to the client's ssh-agent: by a socket that is at the same path at every login, or, where somebody
 * else has taken that path, by one of the connection's own.
 */
final class AgentForward {
    private static final Logger LOG = LoggerFactory.getLogger(AgentForward.class);
    private static final Endpoint NAME = new Endpoint.Private();

    private AgentForward() {}

    /**
     * Where the socket is, for SSH_AUTH_SOCK. For threads of ours.
     *
     * @throws ForwardRefusedException when it can't be made
     */
    static String socket(Session session, Forwards forwards) throws ForwardRefusedException {
        Login login = session.getAttribute(Login.KEY);
        if (login != null && login.first() instanceof Decision.Admitted admitted) {
            try {
                return forwards.agents().socket(session, admitted, login, forwards);
            } catch (ForwardRefusedException e) {
                LOG.debug("event=agent-path-taken session={}, ignoring: it gets one of its own", session, e);
            }
        }
        return ownSocket(session, forwards);
    }

    private static String ownSocket(Session session, Forwards forwards) throws ForwardRefusedException {
        Listeners listeners = Listeners.of(session);
        synchronized (listeners) {
            ContainerListener present = listeners.find(NAME);
            return path(present == null ? listen(session, listeners, forwards) : present);
        }
    }

    private static ContainerListener listen(Session session, Listeners listeners, Forwards forwards)
            throws ForwardRefusedException {
        listeners.requireRoom();
        ContainerListener listener = forwards.listen(session, NAME);
        listeners.keep(NAME, listener);
        listeners.serve(
                listener,
                forwards.threads(),
                socket -> AcceptedChannel.offer(
                        listeners.connection(),
                        socket,
                        forwards,
                        new AcceptedChannel.Offered("auth-agent@openssh.com", NAME),
                        _ -> {}));
        return listener;
    }

    private static String path(ContainerListener listener) {
        return ((Endpoint.Unix) listener.at()).path();
    }
}
