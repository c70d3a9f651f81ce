// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Whose connections are taken at all: one that is refused is closed before it costs anything, and hears nothing; {@link Sockets}
 * asks, and {@link Departures} tells how each ended. As sshd's MaxStartups, PerSourceMaxStartups and PerSourcePenalties.
 */
final class Admission {
    private final ConnectionLimits limits;
    private final Clock clock;
    private final RandomGenerator random;
    private final Logger log;
    private final RefusalLog refusals;
    private final Penalties penalties4;
    private final Penalties penalties6;
    /** By the connection's own address object: the same address may come again before it has left. */
    private final IdentityHashMap<SocketAddress, Peer> peers = new IdentityHashMap<>();

    private final Map<InetAddress, Load> loads = new HashMap<>();
    private final Counters counters = new Counters();
    private Bans bans = Bans.NONE;
    private int startups;

    /** A connection. Of one that a proxy passes on only this is known until its header has come. */
    private static final class Peer {
        private @Nullable InetAddress address;
        private boolean isStartup = true;
    }

    private static final class Load {
        private int connections;
        private int startups;
    }

    Admission(ConnectionLimits limits, Clock clock, RandomGenerator random, Logger log) {
        this.limits = limits;
        this.clock = clock;
        this.random = random;
        this.log = log;
        this.refusals = new RefusalLog(log);
        this.penalties4 = new Penalties(limits.penalties(), limits.penalties().maxSources4());
        this.penalties6 = new Penalties(limits.penalties(), limits.penalties().maxSources6());
    }

    /** @return whether it is taken; one that a proxy passes on is taken on trial */
    synchronized boolean admit(SocketAddress remote) {
        boolean isProxied = isProxy(remote);
        Refusal refusal = isProxied ? null : refusal(address(remote));
        if (refusal == null && !limits.maxStartups().allows(startups, random)) {
            refusal = Refusal.MAX_STARTUPS;
        }
        if (refusal != null) {
            refused(refusal, remote);
            return false;
        }
        counters.accepted();
        startups++;
        var peer = new Peer();
        peers.put(remote, peer);
        if (!isProxied) {
            count(peer, address(remote));
        }
        return true;
    }

    /** Whether whoever connects from there speaks for others. */
    boolean isProxy(SocketAddress remote) {
        return !limits.proxies().list().isEmpty() && limits.proxies().allow(address(remote));
    }

    /**
     * A proxy has said for whom it comes.
     *
     * @param remote its own end
     * @return whether that one's connections are taken
     */
    synchronized boolean reveal(SocketAddress remote, InetSocketAddress client) {
        Peer peer = peers.get(remote);
        Refusal refusal = refusal(client.getAddress());
        if (refusal != null) {
            refused(refusal, client);
        } else if (peer != null) {
            count(peer, client.getAddress());
        }
        return peer != null && refusal == null;
    }

    private void refused(Refusal refusal, SocketAddress whom) {
        counters.refused(refusal);
        refusals.refused(refusal, whom, clock.instant());
    }

    private void count(Peer peer, InetAddress address) {
        peer.address = address;
        Load load = loads.computeIfAbsent(source(address), _ -> new Load());
        load.connections++;
        load.startups++;
    }

    /** From now on. */
    synchronized void ban(Bans those) {
        bans = those;
    }

    synchronized boolean isBanned(InetAddress address) {
        return bans.cover(address, clock.instant());
    }

    private @Nullable Refusal refusal(InetAddress address) {
        Instant now = clock.instant();
        InetAddress source = source(address);
        Load load = loads.getOrDefault(source, new Load());
        if (bans.cover(address, now)) {
            return Refusal.BANNED;
        }
        if (!isExempt(address) && penalties(source).refuses(source, now)) {
            return Refusal.PENALTY;
        }
        if (load.connections >= limits.perSourceMaxConnections()) {
            return Refusal.PER_SOURCE_MAX_CONNECTIONS;
        }
        if (load.startups >= limits.perSourceMaxStartups()) {
            return Refusal.PER_SOURCE_MAX_STARTUPS;
        }
        return null;
    }

    /** An empty list exempts nobody. */
    private boolean isExempt(InetAddress address) {
        return !limits.exempt().list().isEmpty() && limits.exempt().allow(address);
    }

    synchronized void loggedIn(SocketAddress remote) {
        Peer peer = peers.get(remote);
        if (peer != null && peer.isStartup) {
            counters.loggedIn();
            endStartup(peer);
        }
    }

    private void endStartup(Peer peer) {
        peer.isStartup = false;
        startups--;
        if (peer.address != null) {
            loads.computeIfPresent(source(peer.address), (_, load) -> {
                load.startups--;
                return load;
            });
        }
    }

    /** @param penalty for one that had not logged in; null for none */
    synchronized void left(SocketAddress remote, @Nullable Penalty penalty) {
        Peer peer = peers.remove(remote);
        if (peer == null) {
            return;
        }
        boolean wasStartup = peer.isStartup;
        if (wasStartup) {
            endStartup(peer);
        }
        InetAddress address = peer.address;
        if (address == null) {
            return; // a proxy that never said for whom it came: its balancer's fault, or a look whether we live
        }
        if (wasStartup && penalty != null && !isExempt(address)) {
            penalise(source(address), penalty);
        }
        loads.computeIfPresent(source(address), (_, load) -> --load.connections == 0 ? null : load);
    }

    private void penalise(InetAddress source, Penalty penalty) {
        counters.penalised(penalty);
        if (penalties(source).add(source, limits.penalties().of(penalty), clock.instant())) {
            log.info("event=source-penalised reason={} source={}", penalty.keyword(), source.getHostAddress());
        }
    }

    private Penalties penalties(InetAddress source) {
        return source instanceof Inet4Address ? penalties4 : penalties6;
    }

    private InetAddress source(InetAddress address) {
        return limits.netBlock().of(address);
    }

    private static InetAddress address(SocketAddress remote) {
        return ((InetSocketAddress) remote).getAddress();
    }

    /** One line of numbers. */
    synchronized String numbers() {
        return "connections=" + peers.size() + " startups=" + startups + " sources=" + loads.size() + " penalised="
                + (penalties4.size() + penalties6.size()) + " " + counters;
    }
}
