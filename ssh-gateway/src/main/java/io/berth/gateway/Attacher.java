// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.protocol.AttachRequest;

/** The one thing that the gateway may ask of the node agent. */
@FunctionalInterface
interface Attacher {
    /** @throws AgentException when the agent refuses or is out of reach */
    AttachedProcess attach(String ticket, AttachRequest request);
}
