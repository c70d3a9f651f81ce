// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.container.ContainerWakes;
import io.berth.platform.login.LoginDecision.Decision;
import io.berth.platform.login.LoginDecision.Stopped;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.OperationState;
import io.berth.platform.operation.OperationWait;
import io.berth.platform.problem.Problem;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Starts containers that somebody logs in to. */
@Component
class Wakes {
    /** Longer than the node takes, shorter than the gateway waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Logins logins;
    private final Persons persons;
    private final ContainerWakes containers;
    private final OperationWait finish;

    Wakes(Logins logins, Persons persons, ContainerWakes containers, OperationWait finish) {
        this.logins = logins;
        this.persons = persons;
        this.containers = containers;
        this.finish = finish;
    }

    /**
     * The decision on a login, once the container runs if it may be woken.
     *
     * @param isInteractive whether somebody sits at a terminal: what its tenant stopped wakes for nobody else
     * @throws ProblemException when it does not start
     */
    LoginDecision wake(Attempt attempt, boolean isInteractive) throws InterruptedException {
        Logins.Judgement judgement = logins.judgement(attempt);
        LoginDecision decision = judgement.decision();
        Shown shown = judgement.shown();
        if (shown == null || decision.decision() != Decision.ALLOW || decision.stopped() == null) {
            return decision;
        }
        UUID container = shown.container();
        UUID person = shown.person();
        if (container == null || person == null || (decision.stopped() == Stopped.MEANT && !isInteractive)) {
            return decision;
        }
        Operation start = containers.wake(persons.caller(person, shown.tenantId()), shown.tenantId(), container);
        require(finish.of(start, PATIENCE));
        return logins.decide(attempt);
    }

    private static void require(Operation start) {
        if (start.state() != OperationState.SUCCEEDED) {
            Problem error = start.error();
            throw new ProblemException(
                    ProblemKind.UNAVAILABLE,
                    error == null ? "the node takes longer than a minute; try again in a moment" : error.detail());
        }
    }
}
