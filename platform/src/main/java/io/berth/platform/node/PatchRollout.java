// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.client.Agent;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings the virtual patches that are wanted onto the node: at once, whenever the node comes back, and again until it has answered. A
 * patch that root made on the node itself is the node's own, and left alone.
 */
@Component
class PatchRollout implements NodeListener {
    private static final Logger LOG = LoggerFactory.getLogger(PatchRollout.class);

    private final VirtualPatches patches;
    private final AgentCalls agent;
    private final TransactionTemplate transaction;

    PatchRollout(VirtualPatches patches, AgentCalls agent, TransactionTemplate transaction) {
        this.patches = patches;
        this.agent = agent;
        this.transaction = transaction;
    }

    /** What can't be told now is told later. */
    void roll() {
        try {
            transaction.executeWithoutResult(status -> tell());
        } catch (ProblemException | DataAccessException | TransactionException e) {
            LOG.warn("virtual patches not told, trying again: {}", e.getMessage());
        }
    }

    private void tell() {
        patches.lockNode();
        Map<String, Instant> before = there();
        patches.unwanted().forEach(call -> takeAway(call, before.containsKey(call)));
        patches.wanted().stream().filter(call -> !before.containsKey(call)).forEach(this::apply);
        Map<String, Instant> now = there();
        patches.wanted().stream().filter(now::containsKey).forEach(call -> patches.told(call, now.get(call), null));
    }

    private Map<String, Instant> there() {
        return agent.ask(Agent::patches).stream().collect(Collectors.toMap(PatchStatus::call, PatchStatus::addedAt));
    }

    private void takeAway(String call, boolean isThere) {
        if (isThere) {
            agent.ask(it -> {
                it.done(new Request.RemovePatch(call));
                return call;
            });
        }
        patches.takenAway(call);
        LOG.info("virtual patch removed call={}", call);
    }

    private void apply(String call) {
        try {
            agent.ask(it -> it.coverage(new Request.AddPatch(call)));
            LOG.info("virtual patch applied call={}", call);
        } catch (ProblemException e) {
            if (e.kind() != ProblemKind.NODE_INVALID) {
                throw e;
            }
            LOG.warn("virtual patch not taken call={}: {}", call, e.getMessage());
            patches.told(call, null, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void synchronised(Set<ContainerId> present) {
        roll();
    }

    @Scheduled(fixedRateString = "PT10S")
    void catchUp() {
        if (patches.isBehind()) {
            roll();
        }
    }
}
