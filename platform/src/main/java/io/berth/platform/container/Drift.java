// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of a container's passport that was not as policy wants.
 *
 * @param container its name
 * @param item what was looked at
 * @param reason why policy wants it
 */
record Drift(
        UUID id,
        String tenant,
        UUID containerId,
        String container,
        String item,
        String found,
        String expected,
        String reason,
        Instant firstSeenAt,

        @Schema(description = "null while it is so") @Nullable
        Instant endedAt) {}
