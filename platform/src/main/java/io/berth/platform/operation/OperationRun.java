// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentException;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.platform.node.NodeProblem;
import io.berth.platform.problem.Problem;
import io.berth.platform.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** One attempt at one operation, from the claim to its end or its next attempt. */
@Component
class OperationRun {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRun.class);
    private static final int MOST_FAILED_ATTEMPTS = 3;
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private final OperationQueue queue;
    private final List<OperationHandler> handlers;
    private final Agent agent;
    private final TransactionTemplate transaction;
    private final Clock clock;

    OperationRun(
            OperationQueue queue,
            List<OperationHandler> handlers,
            Agent agent,
            TransactionTemplate transaction,
            Clock clock) {
        this.queue = queue;
        this.handlers = List.copyOf(handlers);
        this.agent = agent;
        this.transaction = transaction;
        this.clock = clock;
    }

    void run(OperationQueue.Claim claim) {
        OperationHandler handler = handler(claim.kind());
        var progress = new ProgressLines(lines -> queue.progress(claim, lines), clock);
        var work = new OperationHandler.Work(claim.kind(), claim.target(), claim.arguments(), progress);
        try {
            handler.run(work);
            progress.flush();
            queue.finish(claim, null);
        } catch (AgentException e) {
            failed(claim, handler, work, e);
        } catch (ProblemException e) {
            end(claim, handler, work, e.problem());
        } catch (DataAccessException | TransactionException e) {
            // Nothing can be written now; the lease runs out and the work is done again
            LOG.warn("operation interrupted by the database operation={}: {}", claim.id(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("operation failed unexpectedly operation={} kind={}", claim.id(), claim.kind(), e);
            failed(
                    claim,
                    handler,
                    work,
                    new AgentException(Refusal.FAILED, "the platform failed; its log says more", e));
        }
    }

    private void failed(
            OperationQueue.Claim claim, OperationHandler handler, OperationHandler.Work work, AgentException e) {
        Optional<Duration> delay = nextAttempt(claim, e.refusal());
        try {
            if (delay.isPresent()) {
                LOG.info("operation tried again operation={} in={}: {}", claim.id(), delay.get(), e.getMessage());
                queue.release(claim, delay.get());
            } else {
                end(claim, handler, work, NodeProblem.of(e).problem());
            }
        } catch (DataAccessException | TransactionException gone) {
            LOG.warn("operation interrupted by the database operation={}: {}", claim.id(), gone.getMessage());
        }
    }

    private void end(
            OperationQueue.Claim claim, OperationHandler handler, OperationHandler.Work work, Problem problem) {
        LOG.info("operation failed operation={} kind={} reason={}", claim.id(), claim.kind(), problem.detail());
        transaction.executeWithoutResult(status -> {
            if (queue.finish(claim, problem)) {
                handler.failed(work, problem.detail());
            }
        });
    }

    /** Empty when trying again would not help: a refusal is final, silence is not. */
    private Optional<Duration> nextAttempt(OperationQueue.Claim claim, Refusal refusal) {
        boolean mayPass = switch (refusal) {
            case TOO_MANY -> isYoung(claim);
            case FAILED -> isSilent() ? isYoung(claim) : claim.attempt() < MOST_FAILED_ATTEMPTS;
            case INVALID, FORBIDDEN, NOT_FOUND, CONFLICT, EXHAUSTED, UNSUPPORTED -> false;
        };
        return mayPass ? Optional.of(delay(claim.attempt())) : Optional.empty();
    }

    private boolean isYoung(OperationQueue.Claim claim) {
        return clock.instant().isBefore(claim.createdAt().plus(claim.kind().patience()));
    }

    private boolean isSilent() {
        try {
            agent.done(new Request.Ping());
            return false;
        } catch (RuntimeException e) {
            LOG.debug("the agent is silent", e);
            return true;
        }
    }

    private static Duration delay(int attempt) {
        Duration delay = Duration.ofMillis(500L << Math.min(attempt - 1, 6));
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }

    private OperationHandler handler(OperationKind kind) {
        return handlers.stream()
                .filter(handler -> handler.kinds().contains(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody does " + kind));
    }
}
