// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentException;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Short questions to the agent from requests: those run on virtual threads, which a call that blocks natively would pin. */
@Component
public class AgentCalls implements DisposableBean {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int THREADS = 8;

    private final Agent agent;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, work -> Thread.ofPlatform().daemon().name("agent-call-", 0).unstarted(work));

    AgentCalls(Agent agent) {
        this.agent = agent;
    }

    /** @throws ProblemException when the agent refuses or does not answer in time */
    public <T> T ask(Function<Agent, T> question) {
        return ask(question, PATIENCE);
    }

    /** The same, for what takes the node longer. */
    <T> T ask(Function<Agent, T> question, Duration patience) {
        Future<T> answer = threads.submit(() -> question.apply(agent));
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AgentException refused
                    ? NodeProblem.of(refused)
                    : new ProblemException(
                            ProblemKind.UNAVAILABLE, "the node's agent does not answer; try again in a moment");
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new ProblemException(
                    ProblemKind.UNAVAILABLE, "the node's agent does not answer; try again in a moment");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemKind.UNAVAILABLE, "the platform is ending; try again in a moment");
        }
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
