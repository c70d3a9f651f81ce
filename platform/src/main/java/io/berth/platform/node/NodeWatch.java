// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.client.Agent;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.ContainerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Listens to the agent for as long as the platform runs; when the agent goes, asks again, ever more slowly. */
@Component
class NodeWatch implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

    private final Agent agent;
    private final List<NodeListener> listeners;
    private final Nodes nodes;
    private volatile boolean open;
    private volatile boolean up;
    private Thread thread = new Thread();

    NodeWatch(Agent agent, List<NodeListener> listeners, Nodes nodes) {
        this.agent = agent;
        this.listeners = List.copyOf(listeners);
        this.nodes = nodes;
    }

    @Override
    public void start() {
        open = true;
        // A platform thread: the watch blocks natively
        thread = Thread.ofPlatform().daemon().name("node-watch").start(this::watch);
    }

    private void watch() {
        Duration pause = FIRST_PAUSE;
        try {
            while (open) {
                boolean wasUp = listen();
                pause = wasUp ? FIRST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the platform ends
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Whether the node had told everything before the connection ended. */
    private boolean listen() {
        var connection = new Connection();
        try {
            agent.watch(connection::event);
        } catch (RuntimeException e) {
            if (open && connection.isSynchronised) {
                LOG.warn("node lost, asking again: {}", e.getMessage());
            } else {
                LOG.debug("node does not answer", e);
            }
        }
        down();
        return connection.isSynchronised;
    }

    private void down() {
        up = false;
        try {
            nodes.seen(false);
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("database does not answer, ignoring", e);
        }
    }

    private final class Connection {
        private final Set<ContainerId> present = new HashSet<>();
        private boolean isSynchronised;

        private void event(Reply reply) {
            switch (reply) {
                case Reply.Container(var status) -> {
                    present.add(status.id());
                    listeners.forEach(listener -> listener.observed(status));
                }
                case Reply.Drift drift -> listeners.forEach(listener -> listener.drifted(drift));
                case Reply.Removed(var id) -> listeners.forEach(listener -> listener.removed(id));
                case Reply.Done() -> synchronised();
                default -> LOG.warn("agent sent no event: {}, ignoring", reply);
            }
        }

        private void synchronised() {
            listeners.forEach(listener -> listener.synchronised(Set.copyOf(present)));
            nodes.seen(true);
            isSynchronised = true;
            up = true;
            LOG.info("node answers containers={}", present.size());
        }
    }

    @Scheduled(fixedRateString = "PT10S")
    void heartbeat() {
        if (up) {
            nodes.seen(true);
        }
    }

    @Override
    public void stop() {
        open = false;
        thread.interrupt();
    }

    @Override
    public boolean isRunning() {
        return open;
    }
}
