// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
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
    private final Map<SocketAddress, Peer> peers = new HashMap<>();
    private final Map<InetAddress, Load> loads = new HashMap<>();
    private final Counters counters = new Counters();
    private int startups;

    private static final class Peer {
        private final InetAddress source;
        private boolean isStartup = true;

        Peer(InetAddress source) {
            this.source = source;
        }
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

    synchronized boolean admit(SocketAddress remote) {
        InetAddress source = source(remote);
        Instant now = clock.instant();
        Refusal refusal = refusal(source, address(remote), now);
        if (refusal != null) {
            counters.refused(refusal);
            refusals.refused(refusal, remote, now);
            return false;
        }
        counters.accepted();
        peers.put(remote, new Peer(source));
        Load load = loads.computeIfAbsent(source, _ -> new Load());
        load.connections++;
        load.startups++;
        startups++;
        return true;
    }

    private @Nullable Refusal refusal(InetAddress source, InetAddress address, Instant now) {
        Load load = loads.getOrDefault(source, new Load());
        if (!isExempt(address) && penalties(source).refuses(source, now)) {
            return Refusal.PENALTY;
        }
        if (load.connections >= limits.perSourceMaxConnections()) {
            return Refusal.PER_SOURCE_MAX_CONNECTIONS;
        }
        if (load.startups >= limits.perSourceMaxStartups()) {
            return Refusal.PER_SOURCE_MAX_STARTUPS;
        }
        return limits.maxStartups().allows(startups, random) ? null : Refusal.MAX_STARTUPS;
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
        loads.computeIfPresent(peer.source, (_, load) -> {
            load.startups--;
            return load;
        });
    }

    /** @param penalty for one that had not logged in; null for none */
    synchronized void left(SocketAddress remote, @Nullable Penalty penalty) {
        Peer peer = peers.remove(remote);
        if (peer == null) {
            return;
        }
        if (peer.isStartup) {
            endStartup(peer);
            if (penalty != null && !isExempt(address(remote))) {
                penalise(peer.source, penalty);
            }
        }
        loads.computeIfPresent(peer.source, (_, load) -> --load.connections == 0 ? null : load);
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

    private InetAddress source(SocketAddress remote) {
        return limits.netBlock().of(address(remote));
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
