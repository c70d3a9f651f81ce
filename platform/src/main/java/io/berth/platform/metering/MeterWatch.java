// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.core.protocol.MeterRound;
import io.berth.platform.metering.Intake.Progress;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.node.LocalNode;
import io.berth.platform.problem.ProblemException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Fetches the rounds that the node has taken since the last one that was counted, a day's worth of them where the platform was away. */
@Component
class MeterWatch {
    private static final Logger LOG = LoggerFactory.getLogger(MeterWatch.class);

    private final AgentCalls agent;
    private final LocalNode node;
    private final Intake intake;

    MeterWatch(AgentCalls agent, LocalNode node, Intake intake) {
        this.agent = agent;
        this.node = node;
        this.intake = intake;
    }

    @Scheduled(fixedDelayString = "PT20S", initialDelayString = "PT10S")
    void catchUp() {
        try {
            while (takeNext()) {}
        } catch (ProblemException e) {
            LOG.debug("event=no-round error=\"{}\", ignoring until the node answers", e.getMessage());
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("event=round-not-counted error=\"{}\", trying again", e.getMessage());
        }
    }

    /** @return false when there is none to be counted now */
    boolean takeNext() {
        Progress before = intake.progress(node.id());
        Optional<MeterRound> round = agent.ask(it -> it.metered(before.series(), before.lastNumber() + 1));
        return round.isPresent() && intake.take(node.id(), round.get());
    }
}
