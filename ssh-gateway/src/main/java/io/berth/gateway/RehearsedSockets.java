// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentException;
import io.berth.core.client.ContainerListener;
import io.berth.core.client.ContainerSocket;
import io.berth.core.client.ContainerSockets;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.GuestUser;

/** Nothing is forwarded in a rehearsal. */
final class RehearsedSockets implements ContainerSockets {
    @Override
    public ContainerSocket connect(String ticket, GuestUser user, Endpoint to) {
        throw refused();
    }

    @Override
    public ContainerListener listen(String ticket, GuestUser user, Endpoint at) {
        throw refused();
    }

    private static AgentException refused() {
        return new AgentException(Refusal.FORBIDDEN, "this is a rehearsal");
    }
}
