// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import io.berth.core.client.AgentException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Does operations of some kinds. Runs on a platform thread, may block, and may be run again from the beginning after a crash: each
 * step is idempotent.
 */
public interface OperationHandler {
    Set<OperationKind> kinds();

    /**
     * Does the work.
     *
     * @throws AgentException when the node refuses or does not answer
     */
    void run(Work work);

    /** Cleans up after a failure that is final; its writes are one transaction with the operation's own end. */
    void failed(Work work, String reason);

    /**
     * One attempt at an operation.
     *
     * @param progress takes lines about how far it is
     */
    record Work(OperationKind kind, Operation.Target target, Map<String, Object> arguments, Consumer<String> progress) {
        public Work {
            arguments = Map.copyOf(arguments);
        }
    }
}
