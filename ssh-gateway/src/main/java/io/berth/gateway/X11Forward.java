// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.client.ContainerListener;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A display in the container's network that leads to the client's: a socket where programs look for one, and the cookie in the user's
 * Xauthority, written by the container's own xauth(1). It ends with its session.
 */
record X11Forward(Reception reception, Decision.Admitted admitted, X11Request request) {
    private static final Logger LOG = LoggerFactory.getLogger(X11Forward.class);
    /** X11's port for display 0. */
    static final int BASE_PORT = 6000;

    private static final String TYPE = "x11";
    private static final String XAUTH = "xauth -q -";

    /** @return for DISPLAY; empty when there is none, which the log says. For threads of ours */
    Optional<String> display() {
        Listeners listeners = Listeners.of(reception.channel().getSession());
        try {
            listeners.requireRoom();
            ContainerListener listener = reception
                    .relays()
                    .forwards()
                    .listenForDisplay(reception.channel().getSession());
            int number = ((Endpoint.Tcp) listener.at()).port() - BASE_PORT;
            if (!authorise(number)) {
                listener.close();
                return Optional.empty();
            }
            serve(listeners, listener);
            return Optional.of(request.display(number));
        } catch (ForwardRefusedException e) {
            LOG.debug("event=no-display, ignoring: the log has its reason, and the session goes on without", e);
            return Optional.empty();
        }
    }

    private void serve(Listeners listeners, ContainerListener listener) {
        Endpoint at = listener.at();
        listeners.keep(at, listener);
        reception.channel().addCloseFutureListener(_ -> listeners.cancel(at));
        var isTaken = new AtomicBoolean();
        listeners.serve(listener, reception.relays().threads(), socket -> {
            if (request.isSingle() && isTaken.getAndSet(true)) {
                socket.close();
                return;
            }
            AcceptedChannel.offer(
                    listeners.connection(),
                    socket,
                    reception.relays().forwards(),
                    new AcceptedChannel.Offered(TYPE, at),
                    packet -> {
                        packet.putString(socket.peer().address());
                        packet.putUInt(socket.peer().port());
                    });
            if (request.isSingle()) {
                listeners.cancel(at);
            }
        });
    }

    /** By its input: a command line stands in /proc for everybody. */
    private boolean authorise(int number) {
        var attach = new AttachRequest(admitted.user(), XAUTH, null, null, Map.of());
        try (AttachedProcess xauth = reception.relays().attacher().attach(admitted.ticket(), attach)) {
            abandonWithTheSession(xauth);
            try (OutputStream in = xauth.stdin()) {
                in.write(request.xauthLines(number).getBytes(StandardCharsets.US_ASCII));
            }
            drain(xauth.stdout());
            drain(xauth.stderr());
            Reply.Exited exit = xauth.waitFor();
            if (Integer.valueOf(0).equals(exit.code())) {
                return true;
            }
            return without("xauth ended with " + exit.code());
        } catch (IOException | AgentException e) {
            return without(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What is called xauth in there is the tenant's: it may be anything, and need never end. */
    private void abandonWithTheSession(AttachedProcess xauth) {
        reception
                .channel()
                .addCloseFutureListener(_ -> reception.relays().threads().execute(xauth::close));
    }

    private static void drain(InputStream stream) throws IOException {
        stream.transferTo(OutputStream.nullOutputStream());
    }

    private boolean without(String why) {
        reception
                .log()
                .info(
                        "event=no-display reason=\"{}\" session={}",
                        why,
                        reception.channel().getSession());
        if (reception.request().pty() != null) {
            reception
                    .words()
                    .tell(Banner.of("no display: the container's xauth does not do; install the package xauth"));
        }
        return false;
    }
}
