// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.linux.Fd;
import io.berth.core.linux.PeerCredentials;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.runtime.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens, tells peers apart, and gives each connection a thread: natives block, which virtual threads do not take well. */
final class AgentServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentServer.class);
    private static final long STACK_BYTES = 512 * 1024;
    private static final Duration BREATH = Duration.ofMillis(100);

    private final ListeningSocket listening;
    private final Peers peers;
    private final Places places = new Places();
    private final Admission admission;
    private final TokenBucket strangersLogged;
    private final Verbs verbs;
    private final Set<PacketChannel> open = ConcurrentHashMap.newKeySet();

    private AgentServer(ListeningSocket listening, Peers peers, Node node, PlatformKey key, LongSupplier nanoTime) {
        this.listening = listening;
        this.peers = peers;
        this.admission = new Admission(nanoTime);
        this.strangersLogged = new TokenBucket(new Rate(10, 0.1), nanoTime);
        this.verbs = new Verbs(node, new TicketGate(key, node), this::stop);
    }

    /** @throws StartException when somebody listens there already */
    static AgentServer listen(Path socket, Peers peers, Node node, PlatformKey key, LongSupplier nanoTime) {
        return new AgentServer(ListeningSocket.bind(socket), peers, node, key, nanoTime);
    }

    /** Blocks until {@link #stop}. */
    void serve() {
        while (true) {
            try {
                Optional<Fd> socket = listening.accept();
                if (socket.isEmpty()) {
                    return;
                }
                welcome(socket.get());
            } catch (SyscallException e) {
                // EMFILE, ENFILE, ENOMEM: the callers that wait go on waiting until others have left
                LOG.error("event=accept-failed, ignoring", e);
                LockSupport.parkNanos(BREATH.toNanos());
            }
        }
    }

    private void welcome(Fd socket) {
        var channel = new PacketChannel(socket);
        try {
            PeerCredentials credentials = SocketCalls.peerCredentials(socket);
            Optional<Peer> peer = peers.of(credentials.uid());
            if (peer.isEmpty()) {
                stranger(channel, credentials);
            } else if (!places.take(peer.get())) {
                turnAway(channel, Refusal.TOO_MANY, peer.get() + " has too many connections; close some");
            } else {
                begin(new Caller(peer.get(), credentials.pid(), channel));
            }
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void stranger(PacketChannel channel, PeerCredentials who) {
        if (strangersLogged.take()) {
            LOG.warn("event=stranger-refused uid={} pid={}", who.uid(), who.pid());
        }
        turnAway(channel, Refusal.FORBIDDEN, "uid " + who.uid() + " may not talk to the node agent; become root");
    }

    private static void turnAway(PacketChannel channel, Refusal refusal, String message) {
        new Caller(Peer.ROOT, 0, channel).offer(new Reply.Refused(refusal, message));
        channel.close();
    }

    private void begin(Caller caller) {
        open.add(caller.channel());
        try {
            Thread.ofPlatform()
                    .name("connection-" + caller.peer() + "-" + caller.pid())
                    .daemon()
                    .stackSize(STACK_BYTES)
                    .start(() -> converse(caller));
        } catch (OutOfMemoryError e) { // what Thread.start says when clone(2) fails with EAGAIN
            LOG.error("event=no-thread peer={} pid={}", caller.peer(), caller.pid(), e);
            turnAway(
                    caller.channel(), Refusal.EXHAUSTED, "the node agent cannot start another thread; ask again later");
            left(caller);
        }
    }

    private void converse(Caller caller) {
        try {
            new Connection(caller, admission, verbs).serve();
        } finally {
            left(caller);
        }
    }

    private void left(Caller caller) {
        open.remove(caller.channel());
        places.giveBack(caller.peer());
    }

    /** Ends {@link #serve} and every conversation, waiting for none; attached processes and running containers go on. */
    void stop() {
        listening.stop();
        open.forEach(PacketChannel::shutdown);
    }

    /** To be called once {@link #serve} has returned. */
    @Override
    public void close() {
        listening.close();
    }
}
