// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerListener;
import io.berth.core.protocol.Endpoint;
import org.apache.sshd.common.session.Session;

/**
 * Leads programs in the container to the client's ssh-agent: one private socket a connection, which all its sessions share, and
 * which goes with the connection.
 */
final class AgentForward {
    private static final Endpoint NAME = new Endpoint.Private();

    private AgentForward() {}

    /**
     * Where the socket is, for SSH_AUTH_SOCK. For threads of ours.
     *
     * @throws ForwardRefusedException when it can't be made
     */
    static String socket(Session session, Forwards forwards) throws ForwardRefusedException {
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
