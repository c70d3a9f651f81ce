// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerListener;
import io.berth.core.client.ContainerSocket;
import io.berth.core.protocol.Endpoint;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens in the container for a client: RFC 4254, section 7.1 (ssh -R), and OpenSSH's PROTOCOL, section 2.4. Requests of one
 * connection are answered in their order.
 */
final class RemoteForwards implements RequestHandler<ConnectionService> {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteForwards.class);
    private static final long MOST_PORT = 65_535;

    private final Forwards forwards;

    RemoteForwards(Forwards forwards) {
        this.forwards = forwards;
    }

    @Override
    public Result process(ConnectionService service, String request, boolean wantReply, Buffer buffer)
            throws IOException {
        Listeners listeners = Listeners.of(service.getSession());
        return switch (request) {
            case "tcpip-forward" -> listenTcp(listeners, wantReply, buffer.getString(), buffer.getUInt());
            case "cancel-tcpip-forward" -> cancelTcp(listeners, buffer.getString(), buffer.getUInt());
            case "streamlocal-forward@openssh.com" -> listenUnix(listeners, wantReply, buffer.getString());
            case "cancel-streamlocal-forward@openssh.com" ->
                result(listeners.cancel(new Endpoint.Unix(buffer.getString())));
            default -> Result.Unsupported;
        };
    }

    private static Result result(boolean done) {
        return done ? Result.ReplySuccess : Result.ReplyFailure;
    }

    private static Result cancelTcp(Listeners listeners, String host, long port) {
        return result(port <= MOST_PORT && listeners.cancel(new Endpoint.Tcp(host, (int) port)));
    }

    private Result listenTcp(Listeners listeners, boolean wantReply, String host, long port) throws IOException {
        if (port > MOST_PORT) {
            return Result.ReplyFailure;
        }
        ContainerListener listener = listen(listeners, new Endpoint.Tcp(host.equals("*") ? "" : host, (int) port));
        if (listener == null) {
            return Result.ReplyFailure;
        }
        int chosen = ((Endpoint.Tcp) listener.at()).port();
        listeners.keep(new Endpoint.Tcp(host, chosen), listener);
        answer(listeners, wantReply, port == 0 ? chosen : null);
        listeners.serve(listener, forwards.threads(), socket -> offerTcp(listeners, host, chosen, socket));
        return Result.Replied;
    }

    private void offerTcp(Listeners listeners, String host, int port, ContainerSocket socket) throws IOException {
        var offered = new AcceptedChannel.Offered("forwarded-tcpip", new Endpoint.Tcp(host, port));
        AcceptedChannel.offer(listeners.connection(), socket, forwards, offered, packet -> {
            packet.putString(host); // as the client said it: it tells its forwards apart by that
            packet.putUInt(port);
            packet.putString(socket.peer().address());
            packet.putUInt(socket.peer().port());
        });
    }

    private Result listenUnix(Listeners listeners, boolean wantReply, String path) throws IOException {
        var name = new Endpoint.Unix(path);
        if (listeners.find(name) != null) {
            return Result.ReplyFailure;
        }
        ContainerListener listener = listen(listeners, name);
        if (listener == null) {
            return Result.ReplyFailure;
        }
        listeners.keep(name, listener);
        answer(listeners, wantReply, null);
        listeners.serve(
                listener,
                forwards.threads(),
                socket -> AcceptedChannel.offer(
                        listeners.connection(),
                        socket,
                        forwards,
                        new AcceptedChannel.Offered("forwarded-streamlocal@openssh.com", name),
                        packet -> {
                            packet.putString(path);
                            packet.putString(""); // reserved
                        }));
        return Result.Replied;
    }

    /** @return null when it was refused, which the log says and the protocol can't */
    private @Nullable ContainerListener listen(Listeners listeners, Endpoint at) {
        try {
            listeners.requireRoom();
            Session session = listeners.connection().getSession();
            // this is a virtual thread, and asking the agent would take its carrier with it
            return CompletableFuture.supplyAsync(() -> ask(session, at), forwards.threads())
                    .join();
        } catch (ForwardRefusedException e) {
            LOG.info("event=forward-refused kind=listen reason=\"{}\"", Printable.line(String.valueOf(e.getMessage())));
            return null;
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof RefusedAsynchronously)) {
                LOG.error("event=forward-failed endpoint={}", Forwards.text(at), e);
            }
            return null;
        }
    }

    private ContainerListener ask(Session session, Endpoint at) {
        try {
            return forwards.listen(session, at);
        } catch (ForwardRefusedException e) {
            throw new RefusedAsynchronously(e);
        }
    }

    /** It has been logged. */
    private static final class RefusedAsynchronously extends RuntimeException {
        RefusedAsynchronously(ForwardRefusedException cause) {
            super(cause);
        }
    }

    /** Before the first connection is offered. */
    private static void answer(Listeners listeners, boolean wantReply, @Nullable Integer port) throws IOException {
        if (!wantReply) {
            return;
        }
        Session session = listeners.connection().getSession();
        Buffer packet = session.createBuffer(SshConstants.SSH_MSG_REQUEST_SUCCESS);
        if (port != null) {
            packet.putUInt(port);
        }
        session.writePacket(packet);
    }
}
