// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.agent.RequestTable.Phase;
import io.berth.core.agent.RequestTable.Rule;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.runtime.ContainerException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Applies the request table: the gate that every request passes before anything is done for it. */
final class Admission {
    private record Account(Peer peer, Class<? extends Request> verb) {}

    private final Map<Account, TokenBucket> accounts = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    Admission(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @throws ContainerException FORBIDDEN, CONFLICT, TOO_MANY or INVALID when the request must not be done */
    void admit(Peer peer, Phase phase, Request request) {
        Rule rule = RequestTable.rule(request);
        if (!rule.allows(peer)) {
            throw new ContainerException(Refusal.FORBIDDEN, peer + " may not ask " + verb(request) + " of the agent");
        }
        if (rule.phase() != phase) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    rule.phase() == Phase.ATTACHED
                            ? verb(request) + " goes on the connection of an attach; attach first"
                            : "this connection is taken by an attach or a watch; ask " + verb(request) + " on another");
        }
        if (peer != Peer.ROOT && !account(peer, request, rule).take()) {
            throw new ContainerException(
                    Refusal.TOO_MANY,
                    peer + " asked " + verb(request) + " more than "
                            + rule.rate().burst() + " times at once; ask again in a moment");
        }
        RequestCheck.check(request);
    }

    private TokenBucket account(Peer peer, Request request, Rule rule) {
        return accounts.computeIfAbsent(
                new Account(peer, request.getClass()), _ -> new TokenBucket(rule.rate(), nanoTime));
    }

    private static String verb(Request request) {
        return request.getClass().getSimpleName();
    }
}
