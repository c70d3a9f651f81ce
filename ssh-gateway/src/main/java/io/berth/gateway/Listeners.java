// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerListener;
import io.berth.core.client.ContainerSocket;
import io.berth.core.protocol.Endpoint;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What listens in the container for one connection's client; all of it ends with the connection. */
final class Listeners {
    /** Each has a thread. */
    static final int MOST = 32;

    private static final AttributeKey<Listeners> KEY = new AttributeKey<>();
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final Session session;
    private final Map<Endpoint, ContainerListener> listening = new HashMap<>();
    private boolean closed;

    private Listeners(Session session) {
        this.session = session;
    }

    static Listeners of(Session session) {
        return session.computeAttributeIfAbsent(KEY, _ -> {
            var made = new Listeners(session);
            session.addCloseFutureListener(_ -> made.close());
            return made;
        });
    }

    /** What a channel says about a connection that it offers. */
    interface Offer {
        void of(ContainerSocket socket) throws IOException;
    }

    /** @throws ForwardRefusedException when there are as many as there may be */
    synchronized void requireRoom() throws ForwardRefusedException {
        if (listening.size() >= MOST) {
            throw new ForwardRefusedException(
                    SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
                    "this connection listens at " + MOST + " places already; cancel some");
        }
    }

    /** Keeps it under the name that the client will cancel it by; closes it when the connection has ended. */
    synchronized void keep(Endpoint name, ContainerListener listener) {
        if (closed) {
            listener.close();
            return;
        }
        ContainerListener before = listening.put(name, listener);
        if (before != null) {
            before.close();
        }
    }

    synchronized @Nullable ContainerListener find(Endpoint name) {
        return listening.get(name);
    }

    /** @return whether there was one */
    synchronized boolean cancel(Endpoint name) {
        ContainerListener listener = listening.remove(name);
        if (listener != null) {
            listener.close();
        }
        return listener != null;
    }

    /** Begins to accept, on a thread of its own. */
    void serve(ContainerListener listener, Executor threads, Offer offer) {
        threads.execute(() -> accept(listener, offer));
    }

    private void accept(ContainerListener listener, Offer offer) {
        try {
            while (true) {
                offer(listener.accept(), offer);
            }
        } catch (AsynchronousCloseException e) {
            LOG.debug("event=listener-closed session={}", session);
        } catch (IOException e) {
            LOG.warn(
                    "event=listener-ended endpoint={} session={} error=\"{}\"",
                    Forwards.text(listener.at()),
                    session,
                    Printable.line(String.valueOf(e.getMessage())));
            listener.close();
        }
    }

    void offer(ContainerSocket socket, Offer offer) {
        try {
            if (isFull()) {
                LOG.info("event=forward-refused kind=accept reason=TOO_MANY_CHANNELS session={}", session);
                socket.close();
            } else {
                offer.of(socket);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("event=gone-while-offered session={}", session, e);
            socket.close();
        }
    }

    private boolean isFull() {
        return service().getChannels().stream()
                        .filter(SocketChannel.class::isInstance)
                        .count()
                >= Forwards.MOST_SOCKETS;
    }

    private AbstractConnectionService service() {
        return session.getService(AbstractConnectionService.class);
    }

    ConnectionService connection() {
        return service();
    }

    private synchronized void close() {
        closed = true;
        listening.values().forEach(ContainerListener::close);
        listening.clear();
    }
}
