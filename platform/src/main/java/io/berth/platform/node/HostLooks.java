// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.client.Agent;
import io.berth.core.protocol.HostFigures;
import io.berth.core.protocol.HostFinding;
import io.berth.platform.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** What the node said of its host, and when. */
@Component
class HostLooks {
    private static final Logger LOG = LoggerFactory.getLogger(HostLooks.class);

    /** An examination takes a processor for a second or two, on a loaded host for longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Whoever loads the page again gets the same. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final AgentCalls agent;
    private final Clock clock;
    private volatile @Nullable HostFigures figures;
    private @Nullable Examination newest;

    HostLooks(AgentCalls agent, Clock clock) {
        this.agent = agent;
        this.clock = clock;
    }

    /** All findings of one look. */
    record Examination(Instant at, List<HostFinding> findings) {
        Examination {
            findings = List.copyOf(findings);
        }
    }

    /** As of half a minute ago at most, or when the node last answered. */
    Optional<HostFigures> figures() {
        return Optional.ofNullable(figures);
    }

    @Scheduled(fixedRateString = "PT30S")
    void look() {
        try {
            figures = agent.ask(Agent::host);
        } catch (ProblemException e) {
            LOG.debug("the node does not say what it has", e);
        }
    }

    /** One at a time, for all who ask meanwhile. */
    synchronized Examination examine() {
        Examination known = newest;
        if (known == null || known.at().plus(FRESH).isBefore(clock.instant())) {
            known = new Examination(clock.instant(), agent.ask(Agent::findings, PATIENCE));
            newest = known;
        }
        return known;
    }
}
