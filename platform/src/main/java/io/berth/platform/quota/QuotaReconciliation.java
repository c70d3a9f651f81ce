// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.core.client.Agent;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.node.LocalNode;
import io.berth.platform.problem.ProblemException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks for drift every hour and when an operator asks. Reports and changes nothing: what is wrong there has a cause that is to be found. */
@Component
class QuotaReconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaReconciliation.class);

    private final QuotaDrifts drifts;
    private final AgentCalls agent;
    private final LocalNode node;

    QuotaReconciliation(QuotaDrifts drifts, AgentCalls agent, LocalNode node) {
        this.drifts = drifts;
        this.agent = agent;
        this.node = node;
    }

    List<QuotaDrift> find() {
        var present = agent.ask(Agent::list);
        return Stream.concat(drifts.counts().stream(), drifts.containers(node.id(), present).stream())
                .toList();
    }

    @Scheduled(initialDelay = 5, fixedRate = 60, timeUnit = TimeUnit.MINUTES)
    void report() {
        try {
            find().forEach(drift -> LOG.warn(
                    "event=quota_drift kind={} tenant={} container={}: {}",
                    drift.kind(),
                    drift.tenant(),
                    drift.container(),
                    drift.detail()));
        } catch (ProblemException | DataAccessException e) {
            LOG.warn("quota not compared, trying again in an hour: {}", e.getMessage());
        }
    }
}
