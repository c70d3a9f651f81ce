// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.node.NodeListener;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Tells the node which grants hold: at once, whenever it comes back, and again until it has answered. It ends them in time by itself. */
@Component
class GrantRollout implements NodeListener {
    private static final Logger LOG = LoggerFactory.getLogger(GrantRollout.class);

    private final Grants grants;
    private final AgentCalls agent;
    private final TransactionTemplate transaction;
    private final Clock clock;

    GrantRollout(Grants grants, AgentCalls agent, TransactionTemplate transaction, Clock clock) {
        this.grants = grants;
        this.agent = agent;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** What can't be told now is told later. */
    void roll(Grants.Subject subject) {
        try {
            transaction.executeWithoutResult(status -> grants.lock(subject).ifPresent(word -> tell(subject, word)));
        } catch (ProblemException | DataAccessException | TransactionException e) {
            LOG.warn(
                    "grant not told, trying again container={} rule={}: {}",
                    subject.container(),
                    subject.rule(),
                    e.getMessage());
        }
    }

    private void tell(Grants.Subject subject, Grants.Word word) {
        if (word.told()) {
            return;
        }
        String trouble = null;
        Instant until = word.until();
        try {
            if (until == null) {
                done(new Request.Revoke(new ContainerId(subject.container()), subject.rule()));
            } else if (clock.instant().isBefore(until)) {
                done(new Request.Grant(new ContainerId(subject.container()), subject.rule(), until));
            }
        } catch (ProblemException e) {
            trouble = finalWord(e, until);
        }
        grants.told(subject, word.id(), trouble);
    }

    /** What asking again would not change. */
    private static String finalWord(ProblemException e, @Nullable Instant until) {
        boolean isFinal = e.kind() == ProblemKind.NODE_INVALID
                || (e.kind() == ProblemKind.NODE_NOT_FOUND && until == null); // with the container, its grants went
        if (!isFinal) {
            throw e;
        }
        return String.valueOf(e.getMessage());
    }

    private void done(Request request) {
        agent.ask(it -> {
            it.done(request);
            return request;
        });
    }

    @Override
    public void synchronised(Set<ContainerId> present) {
        grants.tellAgain();
        catchUp();
    }

    @Scheduled(fixedRateString = "PT10S")
    void catchUp() {
        grants.untold().forEach(this::roll);
    }
}
