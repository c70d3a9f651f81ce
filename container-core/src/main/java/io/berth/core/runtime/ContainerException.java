// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.Refusal;
import org.jspecify.annotations.Nullable;

/** A verb was not done; the message is fit for the user: what was wrong, and the cure. */
public final class ContainerException extends RuntimeException {
    private final Refusal refusal;

    public ContainerException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    public ContainerException(Refusal refusal, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.refusal = refusal;
    }

    /** The kind of "no", for callers that act on it. */
    public Refusal refusal() {
        return refusal;
    }
}
