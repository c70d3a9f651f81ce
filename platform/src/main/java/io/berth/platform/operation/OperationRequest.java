// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Work to be done.
 *
 * @param tenantId whose it is, null for the operators' own
 * @param requestedBy the account, null for the platform itself
 * @param arguments what the handler needs beside the target
 */
public record OperationRequest(
        OperationKind kind,
        Operation.Target target,
        @Nullable UUID tenantId,
        @Nullable UUID requestedBy,
        Map<String, Object> arguments) {
    public OperationRequest {
        arguments = Map.copyOf(arguments);
    }
}
