// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.ForwardingRules;
import io.berth.core.client.AgentException;
import io.berth.core.client.ContainerListener;
import io.berth.core.client.ContainerSocket;
import io.berth.core.client.ContainerSockets;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.Refusal;
import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.text.Printable;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;

/**
 * Where every forward passes: sockets come from inside the container of the connection's login, as its user, and never from here. What
 * a login may forward say its key's options, entry by entry, and more coarsely its ticket, which the agent checks.
 *
 * @param sockets where they come from
 * @param threads platform threads: asking the agent, and a socket, blocks natively
 * @param watch where forwards are noted
 * @param agents sockets of clients' agents
 */
record Forwards(ContainerSockets sockets, Executor threads, Watch watch, AgentSockets agents) {
    /** Forwarded connections of one connection, each with two threads and a window of 2 MiB; a browser keeps some dozens. */
    static final int MOST_SOCKETS = 128;

    /** As many at once may wait for their far ends; the next wait for these, as each takes a place and a thread of the agent's. */
    private static final int MOST_CONNECTING = 32;

    /** sshd's X11DisplayOffset: lower ones belong to who sits at the machine. */
    private static final int FIRST_DISPLAY = 10;

    /** Looked through, one request of the agent's each. */
    private static final int MOST_DISPLAYS = 50;

    private static final String CONNECT = "connect";
    private static final String LISTEN = "listen";

    private static final AttributeKey<Semaphore> CONNECTING = new AttributeKey<>();

    /** What is done for one login. */
    private interface Ask<T> {
        T of(Decision.Admitted admitted);
    }

    /** Blocks as long as the far end lets us wait. For threads of ours. */
    ContainerSocket connect(Session session, Endpoint to) throws ForwardRefusedException {
        Semaphore places = session.computeAttributeIfAbsent(CONNECTING, _ -> new Semaphore(MOST_CONNECTING, true));
        places.acquireUninterruptibly();
        try {
            return ask(session, CONNECT, to, admitted -> sockets.connect(admitted.ticket(), admitted.user(), to));
        } finally {
            places.release();
        }
    }

    /** For threads of ours. */
    ContainerListener listen(Session session, Endpoint at) throws ForwardRefusedException {
        return ask(session, LISTEN, at, admitted -> sockets.listen(admitted.ticket(), admitted.user(), at));
    }

    /** The same, at a path for a client's agent. For threads of ours. */
    ContainerListener listenForAgent(Session session, Endpoint.Unix at) throws ForwardRefusedException {
        return ask(
                session,
                LISTEN,
                new Endpoint.Private(),
                admitted -> sockets.listen(admitted.ticket(), admitted.user(), at));
    }

    /** Where X11 programs look for a display: the lowest number that is free, from 10 on, as with sshd. For threads of ours. */
    ContainerListener listenForDisplay(Session session) throws ForwardRefusedException {
        return ask(
                session,
                LISTEN,
                display(FIRST_DISPLAY),
                ForwardingRules::x11,
                admitted -> listenForDisplay(admitted, FIRST_DISPLAY));
    }

    private ContainerListener listenForDisplay(Decision.Admitted admitted, int number) {
        try {
            return sockets.listen(admitted.ticket(), admitted.user(), display(number));
        } catch (AgentException e) {
            if (e.refusal() == Refusal.CONFLICT && number < FIRST_DISPLAY + MOST_DISPLAYS) {
                return listenForDisplay(admitted, number + 1);
            }
            throw e;
        }
    }

    private static Endpoint display(int number) {
        return new Endpoint.Tcp("localhost", X11Forward.BASE_PORT + number);
    }

    private <T> T ask(Session session, String kind, Endpoint endpoint, Ask<T> ask) throws ForwardRefusedException {
        return ask(session, kind, endpoint, rules -> permit(kind, endpoint, rules), ask);
    }

    private <T> T ask(Session session, String kind, Endpoint endpoint, Predicate<ForwardingRules> permit, Ask<T> ask)
            throws ForwardRefusedException {
        try {
            Login login = login(session);
            Decision.Admitted admitted = admitted(login);
            if (!permit.test(admitted.rules().forwarding())) {
                throw prohibited("the options of this key or certificate do not permit it");
            }
            T socket = ask.of(admitted);
            watch.log()
                    .info(
                            "event=forward kind={} endpoint={} tenant={} container={} user={} source={}",
                            kind,
                            text(endpoint),
                            admitted.tenant(),
                            Printable.of(admitted.container()),
                            admitted.user(),
                            login.request().sourceAddress());
            watch.note(
                    kind.equals(CONNECT) ? Kind.CONNECT : Kind.LISTEN,
                    Outcome.DONE,
                    Watch.who(login, admitted.tenant().value()),
                    where(admitted),
                    text(endpoint));
            return socket;
        } catch (AgentException e) {
            throw refused(session, kind, endpoint, new ForwardRefusedException(e));
        } catch (ForwardRefusedException e) {
            throw refused(session, kind, endpoint, e);
        }
    }

    /** For when a connection has ended. */
    ForwardNote noteAtEnd(Session session, Endpoint endpoint) {
        Login login = login(session);
        if (!(login.first() instanceof Decision.Admitted admitted)) {
            return (_, _) -> {};
        }
        var who = Watch.who(login, admitted.tenant().value());
        return (in, out) -> watch.journal()
                .note(AuditEvent.of(Kind.FORWARD_END, Outcome.DONE, who, where(admitted), text(endpoint))
                        .with(in, out));
    }

    private static Where where(Decision.Admitted admitted) {
        return new Where(admitted.container(), admitted.user().value(), null);
    }

    private static Login login(Session session) {
        Login login = session.getAttribute(Login.KEY);
        if (login == null) {
            throw new IllegalStateException("a forward of a connection that nobody logged in to");
        }
        return login;
    }

    private static Decision.Admitted admitted(Login login) throws ForwardRefusedException {
        try {
            return switch (login.forForward()) {
                case Decision.Admitted admitted -> admitted;
                case Decision.Lobby _ ->
                    throw prohibited("the lobby has no network; log in to a container for forwards");
                case Decision.SecondFactor _ -> throw prohibited(Banner.CODE_IS_OLD.line());
                case Decision.Nowhere(String message) -> throw prohibited(message);
                case Decision.BadName(String message) -> throw prohibited(message);
                case Decision.Refused _ -> throw prohibited(Banner.NO_ACCESS.line());
            };
        } catch (PlatformSilentException e) {
            throw new ForwardRefusedException(SshConstants.SSH_OPEN_CONNECT_FAILED, Banner.TRY_AGAIN.line());
        }
    }

    /** The key's or certificate's own options; the ticket, which the agent checks, is coarser. */
    private static boolean permit(String kind, Endpoint endpoint, ForwardingRules rules) {
        boolean connects = kind.equals(CONNECT);
        return switch (endpoint) {
            case Endpoint.Tcp(String host, int port) ->
                connects ? rules.allowsConnect(host, port) : rules.allowsListen(host, port);
            case Endpoint.Unix _ -> connects ? rules.allowsUnixConnect() : rules.allowsUnixListen();
            case Endpoint.Private _ -> !connects && rules.agent();
        };
    }

    private static ForwardRefusedException prohibited(String message) {
        return new ForwardRefusedException(SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, message);
    }

    private ForwardRefusedException refused(
            Session session, String kind, Endpoint endpoint, ForwardRefusedException refusal) {
        Login login = session.getAttribute(Login.KEY);
        if (login != null) {
            watch.note(
                    kind.equals(CONNECT) ? Kind.CONNECT : Kind.LISTEN,
                    Outcome.REFUSED,
                    Watch.who(login, null),
                    login.first() instanceof Decision.Admitted admitted ? where(admitted) : Where.NOWHERE,
                    text(endpoint) + ": " + refusal.getMessage());
        }
        watch.log()
                .info(
                        "event=forward-refused kind={} endpoint={} reason=\"{}\" session={}",
                        kind,
                        text(endpoint),
                        Printable.line(String.valueOf(refusal.getMessage())),
                        session);
        return refusal;
    }

    /** @throws ForwardRefusedException when the connection has as many sockets as it may */
    void requireRoom(Session session, Endpoint endpoint) throws ForwardRefusedException {
        long open = session.getService(AbstractConnectionService.class).getChannels().stream()
                .filter(SocketChannel.class::isInstance)
                .count();
        if (open > MOST_SOCKETS) { // the one in question is registered already
            throw refused(
                    session,
                    CONNECT,
                    endpoint,
                    new ForwardRefusedException(
                            SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
                            "this connection has " + MOST_SOCKETS + " forwarded ones already; close some"));
        }
    }

    static String text(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Tcp(String host, int port) -> Printable.of("tcp:" + host + ":" + port);
            case Endpoint.Unix(String path) -> Printable.of("unix:" + path);
            case Endpoint.Private _ -> "agent";
        };
    }
}
