// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerListener;
import io.berth.core.client.ContainerSocket;
import io.berth.core.protocol.Endpoint;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets in containers that lead to clients' ssh-agents: one for each user and key, at a path that is the same at every login, so that
 * a shell in tmux finds the agent of whoever came back. It leads to the connection that asked last and is still there.
 */
final class AgentSockets {
    private static final Logger LOG = LoggerFactory.getLogger(AgentSockets.class);
    private static final Endpoint NAME = new Endpoint.Private();
    private static final int NAME_BYTES =
            8; // of a hash: others of the same container are kept apart, nobody is kept out by it

    private final Map<Place, Kept> places = new ConcurrentHashMap<>();

    /** @param key fingerprint: who comes by another key has another agent */
    private record Place(String tenant, String container, String user, String key) {
        Endpoint.Unix endpoint() {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256")
                        .digest((user + " " + key).getBytes(StandardCharsets.UTF_8));
                return new Endpoint.Unix("/tmp/ssh-agent-" + HexFormat.of().formatHex(hash, 0, NAME_BYTES));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    /** One socket; its lock is held while the node makes it, so that one container's slowness is its own. */
    private static final class Kept {
        private final Deque<Session> newestFirst = new ArrayDeque<>();
        private @Nullable ContainerListener listener;
        private boolean isGone;

        synchronized @Nullable Session newest() {
            return newestFirst.peek();
        }
    }

    /**
     * Where the socket is, for SSH_AUTH_SOCK. For threads of ours.
     *
     * @throws ForwardRefusedException when it can't be made, as when somebody else in the container has taken the path
     */
    String socket(Session session, Decision.Admitted admitted, Login login, Forwards forwards)
            throws ForwardRefusedException {
        var place = new Place(
                admitted.tenant().value(), admitted.container(), admitted.user().value(), login.fingerprint());
        while (true) {
            Kept kept = places.computeIfAbsent(place, _ -> new Kept());
            synchronized (kept) {
                if (kept.isGone) {
                    continue;
                }
                try {
                    join(place, kept, session, forwards);
                } finally {
                    forgetIfEmpty(place, kept);
                }
                return place.endpoint().path();
            }
        }
    }

    private void join(Place place, Kept kept, Session session, Forwards forwards) throws ForwardRefusedException {
        if (kept.listener == null) {
            ContainerListener made = forwards.listenForAgent(session, place.endpoint());
            kept.listener = made;
            forwards.threads().execute(() -> accept(kept, made, forwards));
        }
        if (!kept.newestFirst.contains(session)) {
            kept.newestFirst.push(session);
            session.addCloseFutureListener(_ -> left(place, kept, session));
        }
    }

    private void left(Place place, Kept kept, Session session) {
        synchronized (kept) {
            kept.newestFirst.remove(session);
            forgetIfEmpty(place, kept);
        }
    }

    /** The last one closes it. */
    private void forgetIfEmpty(Place place, Kept kept) {
        if (kept.newestFirst.isEmpty()) {
            kept.isGone = true;
            places.remove(place, kept);
            if (kept.listener != null) {
                kept.listener.close();
            }
        }
    }

    private static void accept(Kept kept, ContainerListener listener, Forwards forwards) {
        try {
            while (true) {
                ContainerSocket socket = listener.accept();
                offer(kept.newest(), socket, forwards); // by who is there now, not when the waiting began
            }
        } catch (AsynchronousCloseException e) {
            LOG.debug("event=agent-socket-closed");
        } catch (IOException e) {
            LOG.warn("event=agent-socket-ended error=\"{}\"", Printable.line(String.valueOf(e.getMessage())));
            listener.close();
            synchronized (kept) {
                if (listener.equals(kept.listener)) {
                    kept.listener = null; // the next login makes it anew
                }
            }
        }
    }

    private static void offer(@Nullable Session session, ContainerSocket socket, Forwards forwards) {
        if (session == null) {
            socket.close();
            return;
        }
        Listeners listeners = Listeners.of(session);
        listeners.offer(
                socket,
                it -> AcceptedChannel.offer(
                        listeners.connection(),
                        it,
                        forwards,
                        new AcceptedChannel.Offered("auth-agent@openssh.com", NAME),
                        _ -> {}));
    }
}
