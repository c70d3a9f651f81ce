// SPDX-License-Identifier: Apache-2.0
package io.berth.core.client;

import io.berth.core.protocol.Refusal;

/** The agent refused or could not be reached; the message is fit for the user. */
public final class AgentException extends RuntimeException {
    private final Refusal refusal;

    public AgentException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    public AgentException(Refusal refusal, String message, Throwable cause) {
        super(message, cause);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
