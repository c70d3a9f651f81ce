// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A container's files as they were once.
 *
 * @param cadence of the schedule that it was taken by
 */
record Snapshot(
        UUID id,
        String name,
        State state,

        @Schema(description = "null where somebody asked for it") @Nullable
        Cadence cadence,

        @Schema(description = "null until the node has it") @Nullable
        Instant takenAt) {
    /** Begins the name of what only an operator deletes: evidence. */
    static final String QUARANTINE = "quarantine-";

    enum State {
        TAKING,
        KEPT,
        DELETING
    }

    boolean isEvidence() {
        return name.startsWith(QUARANTINE);
    }
}
