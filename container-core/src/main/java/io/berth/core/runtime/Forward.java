// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.Refusal;
import io.berth.core.runtime.TcpListening.Outcome;
import io.berth.core.spec.GuestUser;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Sockets of one user inside one container: connected ones, and such that listen. */
final class Forward {
    private static final String LOCALHOST = "localhost";
    private static final InetAddress LOOPBACK_4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = InetAddress.ofLiteral("::1");
    private static final InetAddress ANY_4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_6 = InetAddress.ofLiteral("::");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NAME_BYTES = 8; // nobody guesses it, and mkdir(2) says if somebody did

    private final Life life;
    private final GuestUser user;
    private final Machine machine;

    Forward(Life life, GuestUser user, Machine machine) {
        this.life = life;
        this.user = user;
        this.machine = machine;
    }

    Fd connect(Endpoint to) {
        List<SocketAddress> addresses = switch (to) {
            case Endpoint.Tcp(String host, int port) ->
                resolve(host).stream()
                        .map(address -> SocketAddress.of(address, port))
                        .toList();
            case Endpoint.Unix(String path) -> List.of(SocketAddress.of(path));
            case Endpoint.Private _ -> throw new IllegalArgumentException("nobody connects to a private socket");
        };
        return enter().enter(() -> new Connecting(addresses));
    }

    private Entering enter() {
        return new Entering(life, user, machine);
    }

    /** The loopback's name is what RFC 6761, 6.3, says, and not worth a program. */
    private List<InetAddress> resolve(String host) {
        if (host.equals(LOCALHOST)) {
            return List.of(LOOPBACK_4, LOOPBACK_6);
        }
        return Resolving.literal(host).map(List::of).orElseGet(() -> enter().enter(() -> new Resolving(host)));
    }

    Listener listen(Endpoint at) {
        return switch (at) {
            case Endpoint.Tcp(String host, int port) -> listen(host, port);
            case Endpoint.Unix(String path) -> enter().enter(() -> new UnixListening(path, null, machine));
            case Endpoint.Private _ -> listenPrivately();
        };
    }

    private Listener listenPrivately() {
        byte[] name = new byte[NAME_BYTES];
        RANDOM.nextBytes(name);
        String directory = "/tmp/ssh-" + HexFormat.of().formatHex(name);
        return enter().enter(() -> new UnixListening(directory + "/socket", directory, machine));
    }

    private Listener listen(String host, int port) {
        return switch (host) {
            case "" -> everywhere(port);
            case LOCALHOST -> loopback(port);
            default -> {
                InetAddress address = Resolving.literal(host)
                        .orElseThrow(() -> new ContainerException(
                                Refusal.INVALID,
                                "at.host: '" + host
                                        + "' is no address to listen at; use one, localhost, or * for all"));
                yield listener(host, List.of(required(bind(address, port, false), address, port)));
            }
        };
    }

    private Listener everywhere(int port) {
        Outcome both = bind(ANY_6, port, true);
        boolean lacksSix = both instanceof Outcome.Unbound(Errno errno)
                && (errno == Errno.EAFNOSUPPORT || errno == Errno.EADDRNOTAVAIL);
        return listener(
                "", List.of(required(lacksSix ? bind(ANY_4, port, false) : both, lacksSix ? ANY_4 : ANY_6, port)));
    }

    /** Both loopbacks by the same port; one of them is enough, as for sshd. */
    private Listener loopback(int port) {
        Outcome.Bound four = required(bind(LOOPBACK_4, port, false), LOOPBACK_4, port);
        List<Outcome.Bound> sockets = new ArrayList<>(List.of(four));
        try {
            if (bind(LOOPBACK_6, four.port(), false) instanceof Outcome.Bound six) {
                sockets.add(six);
            }
        } catch (RuntimeException e) {
            four.socket().close();
            throw e;
        }
        return listener(LOCALHOST, sockets);
    }

    private Outcome bind(InetAddress address, int port, boolean bothFamilies) {
        return enter().enter(() -> new TcpListening(SocketAddress.of(address, port), bothFamilies));
    }

    private static Listener listener(String host, List<Outcome.Bound> sockets) {
        return new Listener(
                new Endpoint.Tcp(host, sockets.getFirst().port()),
                sockets.stream().map(Outcome.Bound::socket).toList(),
                false);
    }

    private static Outcome.Bound required(Outcome outcome, InetAddress address, int port) {
        return switch (outcome) {
            case Outcome.Bound bound -> bound;
            case Outcome.Unbound unbound ->
                throw new ContainerException(
                        Refusal.CONFLICT,
                        "nothing listens at " + address.getHostAddress() + " port " + port + " inside the container: "
                                + reason(unbound.errno()));
        };
    }

    private static String reason(Errno errno) {
        return switch (errno) {
            case EADDRINUSE -> "another program does already; choose another port, or 0 for any";
            case EACCES -> "only root may use a port below 1024; choose a higher one";
            case EADDRNOTAVAIL -> "it is no address of the container's";
            default -> errno.toString();
        };
    }
}
