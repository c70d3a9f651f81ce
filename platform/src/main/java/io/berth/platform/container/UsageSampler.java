// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.UsageStatus;
import io.berth.core.spec.ContainerId;
import io.berth.platform.event.AccessListener;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.tenant.TenantAccess;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/** Asks the node for the figures that somebody looks at, once for however many look. */
@Component
class UsageSampler implements AccessListener, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(UsageSampler.class);

    /** From there on, asking for all that run is less work than asking one by one. */
    private static final int FEW = 16;

    private final AgentCalls agent;
    private final Containers containers;
    private final TenantAccess access;
    private final JsonMapper json;
    private final Clock clock;
    private final Set<UsageWatch> watches = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isSampling = new AtomicBoolean();
    private volatile boolean open;

    UsageSampler(AgentCalls agent, Containers containers, TenantAccess access, JsonMapper json, Clock clock) {
        this.agent = agent;
        this.containers = containers;
        this.access = access;
        this.json = json;
        this.clock = clock;
    }

    void join(UsageWatch watch) {
        watches.add(watch);
        if (!open) {
            watch.end();
        }
    }

    void leave(UsageWatch watch) {
        watches.remove(watch);
    }

    @Scheduled(fixedRateString = "PT2S")
    void sample() {
        if (watches.isEmpty() || !isSampling.compareAndSet(false, true)) {
            return; // a node that is slow to answer is not asked again meanwhile
        }
        try {
            tell();
        } catch (ProblemException | DataAccessException | TransactionException e) {
            LOG.debug("no figures this time", e);
        } finally {
            isSampling.set(false);
        }
    }

    private void tell() {
        Set<UUID> looked = watches.stream().map(UsageWatch::container).collect(Collectors.toSet());
        Map<UUID, Container> rows =
                containers.all(looked).stream().collect(Collectors.toMap(Container::id, Function.identity()));
        Instant at = clock.instant();
        for (UsageStatus status : figures(looked)) {
            UUID id = status.id().value();
            Container container = rows.get(id);
            if (container != null) {
                String line = json.writeValueAsString(new LiveUsage(Usage.of(container, status), at));
                watches.stream().filter(watch -> watch.container().equals(id)).forEach(watch -> watch.tell(line));
            }
        }
    }

    private Collection<UsageStatus> figures(Set<UUID> looked) {
        if (looked.size() > FEW) {
            List<UsageStatus> all = agent.ask(Agent::usages);
            return all.stream()
                    .filter(status -> looked.contains(status.id().value()))
                    .toList();
        }
        return looked.stream().flatMap(id -> figure(id).stream()).toList();
    }

    /** Empty for one that does not run. */
    private Optional<UsageStatus> figure(UUID id) {
        try {
            return Optional.of(agent.ask(it -> it.usage(new ContainerId(id))));
        } catch (ProblemException e) {
            if (e.kind() == ProblemKind.UNAVAILABLE) {
                throw e; // the node is away for the others, too
            }
            return Optional.empty();
        }
    }

    @Override
    public boolean holdsAnything() {
        return !watches.isEmpty();
    }

    @Override
    public void accessChanged(@Nullable UUID user, @Nullable UUID tenant) {
        watches.stream().filter(watch -> watch.concerns(user, tenant)).forEach(watch -> watch.endUnlessAllowed(access));
    }

    @Override
    public void start() {
        open = true;
    }

    /** Before the web server waits for its requests to end. */
    @Override
    public void stop() {
        open = false;
        watches.forEach(UsageWatch::end);
    }

    @Override
    public boolean isRunning() {
        return open;
    }
}
