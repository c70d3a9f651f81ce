// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.operation;

import io.berth.platform.problem.Problem;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Long work and how far it is.
 *
 * @param tenant whose it is, null for the operators' own
 * @param progress the newest line about it
 * @param log the newest lines, at most 16 KiB
 * @param error why it failed
 */
public record Operation(
        UUID id,
        OperationKind kind,
        Target target,
        @Nullable String tenant,
        OperationState state,
        @Nullable String progress,
        String log,
        @Nullable Problem error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {
    /**
     * What it works on.
     *
     * @param id a container's or volume's id, or an image's alias
     */
    public record Target(TargetType type, String id, String name) {}
}
