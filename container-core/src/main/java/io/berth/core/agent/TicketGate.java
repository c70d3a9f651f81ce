// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Refusal;
import io.berth.core.runtime.ContainerException;
import io.berth.core.runtime.Node;
import io.berth.core.spec.GuestUser;
import io.berth.core.ticket.InvalidTicketException;
import io.berth.core.ticket.Ticket;
import io.berth.core.ticket.Ticket.Grant;
import java.util.EnumSet;
import java.util.Set;

/** Lets an attach pass on a ticket's word, and no further than its word goes. */
final class TicketGate {
    private final PlatformKey key;
    private final Node node;

    TicketGate(PlatformKey key, Node node) {
        this.key = key;
        this.node = node;
    }

    /**
     * The ticket, once it is proven that it covers the request.
     *
     * @throws ContainerException FORBIDDEN when it does not, NOT_FOUND when its container is gone
     */
    Ticket admit(String text, AttachRequest request) {
        return admit(text, request.user(), needed(request));
    }

    /**
     * The ticket, once it is proven that it covers that user's forward.
     *
     * @param needed what a ticket for it must grant
     * @throws ContainerException as {@link #admit(String, AttachRequest)}
     */
    Ticket admit(String text, GuestUser user, Set<Grant> needed) {
        Ticket ticket = verify(text);
        if (!ticket.user().equals(user)) {
            throw forbidden("user '" + ticket.user() + "', not for '" + user + "'");
        }
        Set<Grant> lacking = EnumSet.copyOf(needed);
        lacking.removeAll(ticket.grants());
        if (!lacking.isEmpty()) {
            throw forbidden(ticket.grants() + ", not for " + lacking);
        }
        // an id outlives no container: a ticket for it must not open one that another tenant owns
        if (!node.inspect(ticket.container()).spec().tenant().equals(ticket.tenant())) {
            throw forbidden("a container of tenant '" + ticket.tenant() + "', which this one is not");
        }
        return ticket;
    }

    private Ticket verify(String text) {
        try {
            return key.verifier().verify(text);
        } catch (InvalidTicketException e) {
            throw new ContainerException(Refusal.FORBIDDEN, String.valueOf(e.getMessage()), e);
        }
    }

    private static Set<Grant> needed(AttachRequest request) {
        Set<Grant> needed = EnumSet.of(
                request.subsystem() != null ? Grant.SFTP : request.command() == null ? Grant.SHELL : Grant.EXEC);
        if (request.pty() != null) {
            needed.add(Grant.PTY);
        }
        return needed;
    }

    private static ContainerException forbidden(String what) {
        return new ContainerException(Refusal.FORBIDDEN, "the ticket is good for " + what);
    }
}
