// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.spec.GuestUser;
import io.berth.core.ticket.Ticket;
import io.berth.core.ticket.Ticket.Grant;
import io.berth.core.ticket.TicketSigner;
import io.berth.platform.container.ContainerEntry;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.security.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/**
 * Begins login shells in containers: the one place of the platform that attaches. A ticket is signed for each, although the signer is the
 * platform itself, so that the agent asks the same of everybody, and its log has whom it was for.
 */
@Component
class LoginShells {
    private static final Duration TICKET_LIFE = Duration.ofSeconds(30);

    /** What xterm.js is. */
    private static final String TERM = "xterm-256color";

    private static final Map<String, String> ENVIRONMENT = Map.of("LANG", "C.UTF-8", "COLORTERM", "truecolor");

    private final AgentCalls agent;
    private final TicketSigner signer;
    private final Clock clock;

    LoginShells(AgentCalls agent, TicketSigner signer, Clock clock) {
        this.agent = agent;
        this.signer = signer;
        this.clock = clock;
    }

    /** @throws io.berth.platform.problem.ProblemException when the node refuses, or does not answer in time */
    AttachedProcess begin(Caller caller, ContainerEntry container, GuestUser user, TerminalSize size) {
        String ticket = signer.sign(new Ticket(
                container.tenant(),
                container.id(),
                user,
                Set.of(Grant.SHELL, Grant.PTY),
                "user:" + caller.userName(),
                clock.instant().plus(TICKET_LIFE).truncatedTo(ChronoUnit.MILLIS)));
        var request = new AttachRequest(
                user, null, new PtyRequest(TERM, size.columns(), size.rows(), 0, 0, new byte[0]), ENVIRONMENT);
        var begun = new CompletableFuture<AttachedProcess>();
        try {
            agent.ask(it -> {
                AttachedProcess process = it.attach(ticket, request);
                if (!begun.complete(process)) {
                    process.close(); // nobody waits for it any more
                }
                return true;
            });
            return begun.join();
        } catch (RuntimeException e) {
            if (!begun.cancel(false) && !begun.isCancelled()) {
                begun.join().close();
            }
            throw e;
        }
    }
}
