// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.protocol.Endpoint;
import io.berth.core.spec.GuestUser;

/** Sockets inside containers, made by processes there; no byte passes through the agent. For platform threads: calls block natively. */
public interface ContainerSockets {
    /**
     * Connects, which takes as long as the far end does.
     *
     * @throws AgentException when the ticket is not good for it, or there is no connection; the message says why
     */
    ContainerSocket connect(String ticket, GuestUser user, Endpoint to);

    /** @throws AgentException when the ticket is not good for it, or nothing can listen there; the message says why */
    ContainerListener listen(String ticket, GuestUser user, Endpoint at);
}
