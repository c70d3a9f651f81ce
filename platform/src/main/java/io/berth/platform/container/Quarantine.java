// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That a container is cut off: frozen, without a network, closed to logins and to every verb but release.
 *
 * @param reason in the operator's words
 * @param snapshot its files as they were
 * @param trouble why there is no snapshot
 */
record Quarantine(
        String reason,
        Instant since,

        @Schema(description = "null while it is being taken, or when it could not be") @Nullable
        UUID snapshot,

        @Nullable String trouble) {}
