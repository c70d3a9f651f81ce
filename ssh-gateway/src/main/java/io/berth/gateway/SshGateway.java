// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.ContainerSockets;
import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.slf4j.Logger;

/** The SSH server: everything that MINA would do in the gateway's own name (files, forwards, shells) is absent, not forbidden. */
final class SshGateway implements AutoCloseable {
    /** Long: it also bounds how long a slow client may take to receive what comes before the end. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofHours(1);
    /** Queries, signatures and the none method; refusals are bounded by {@link Attempts}. */
    private static final int MOST_AUTH_REQUESTS = 20;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Logger log;
    private final SshServer server;
    private final ConnectionLimits limits;
    private final Admission admission;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService relayThreads =
            Executors.newCachedThreadPool(Thread.ofPlatform().name("relay-", 0).factory());

    SshGateway(
            InetSocketAddress listen,
            HostKeys hostKeys,
            LoginDesk desk,
            Attacher attacher,
            ContainerSockets sockets,
            ConnectionLimits limits,
            Clock clock,
            Watch watch) {
        this.log = watch.log();
        this.limits = limits;
        this.admission = new Admission(limits, clock, RandomGenerator.getDefault(), log);
        var forwards = new Forwards(sockets, relayThreads, watch, new AgentSockets());
        var proofs = new HostKeyProofs(hostKeys);
        server = ServerBuilder.builder()
                .keyExchangeFactories(Algorithms.keyExchanges())
                .cipherFactories(Algorithms.ciphers())
                .macFactories(Algorithms.macs())
                .signatureFactories(Algorithms.signatures())
                .compressionFactories(Algorithms.compressions())
                .channelFactories(List.of(
                        new SessionChannelFactory(
                                new Relays(desk, attacher, relayThreads, forwards, watch), limits.maxSessions()),
                        new DirectChannelFactory(DirectChannel.TCP, forwards),
                        new DirectChannelFactory(DirectChannel.UNIX, forwards)))
                .globalRequestHandlers(
                        List.of(KeepAliveHandler.INSTANCE, new NoMoreSessions(), new RemoteForwards(forwards), proofs))
                .forwardingFilter(RejectAllForwardingFilter.INSTANCE)
                .build();
        server.setServiceFactories(
                List.of(AuthProtocol.Factory.of(limits.banner(), proofs), new ConnectionProtocol.Factory()));
        server.setKeyPairProvider(hostKeys.forKeyExchange());
        admitOnly(
                new KeyCheck(desk, clock, limits.maxAuthTries(), watch),
                List.of(
                        KeyAuth.factory(watch, limits.maxAuthTries()),
                        CodeAuth.factory(desk, clock, watch, limits.maxAuthTries())));
        limit();
        tune();
        listenAt(listen);
    }

    private void admitOnly(PublickeyAuthenticator keys, List<UserAuthFactory> methods) {
        server.setUserAuthFactories(methods);
        server.setPublickeyAuthenticator(keys);
        server.setPasswordAuthenticator(null);
        server.setKeyboardInteractiveAuthenticator(null);
        server.setHostBasedAuthenticator(null);
        server.setGSSAuthenticator(null);
    }

    private void limit() {
        var departures = new Departures(admission);
        server.setIoServiceFactoryFactory(new Sockets(admission, InputBudget.ofHeap(limits.maxInputBytes())));
        server.addSessionListener(departures);
        server.setSessionFactory(GatewaySession.factory(server, admission, limits.maxChannels()));
        CoreModuleProperties.AUTH_TIMEOUT.set(server, limits.loginGrace());
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, MOST_AUTH_REQUESTS);
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO); // a shell may be silent for days
        CoreModuleProperties.CHANNEL_CLOSE_TIMEOUT.set(server, CLOSE_TIMEOUT);
    }

    private void tune() {
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "OpenSSH_Berth"); // RATIONALE.md says why
    }

    private void listenAt(InetSocketAddress listen) {
        server.setHost(listen.getAddress().getHostAddress());
        server.setPort(listen.getPort());
    }

    /** @throws StartException when the port cannot be had */
    void start() {
        try {
            server.start();
        } catch (BindException e) {
            throw new StartException(
                    "port " + server.getPort() + " cannot be had (" + Printable.line(String.valueOf(e.getMessage()))
                            + "); end what listens there ('ss -ltnp' names it), or set BERTH_SSH_ADDRESS and BERTH_SSH_PORT",
                    e);
        } catch (IOException e) {
            throw new StartException(
                    "the SSH server does not start: " + Printable.line(String.valueOf(e.getMessage())), e);
        }
    }

    /** Where it really listens; for port 0. */
    int port() {
        return server.getPort();
    }

    /** Takes nothing from those networks any more, and ends what came from there. */
    void ban(Bans bans) {
        admission.ban(bans);
        for (AbstractSession session : server.getActiveSessions()) {
            if (session.getRemoteAddress() instanceof InetSocketAddress client
                    && admission.isBanned(client.getAddress())) {
                log.info(
                        "event=connection-ended reason=BANNED source={}",
                        client.getAddress().getHostAddress());
                session.close(true);
            }
        }
    }

    /** How many are here, and what has happened since the start. */
    String numbers() {
        return admission.numbers();
    }

    /** Ends every connection and hangs up every session. */
    @Override
    public void close() throws IOException {
        server.close(true).await(CLOSE_PATIENCE);
        relayThreads.shutdown();
        try {
            boolean _ = relayThreads.awaitTermination(CLOSE_PATIENCE.toSeconds(), TimeUnit.SECONDS); // the hang-ups
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closed.countDown();
    }

    /** @return whether it is closed, after that time at most */
    boolean awaitClosed(Duration patience) throws InterruptedException {
        return closed.await(patience.toSeconds(), TimeUnit.SECONDS);
    }
}
