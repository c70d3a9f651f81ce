// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An exception of one container from a seccomp rule.
 *
 * @param rule the rule's id, as in the container's denials
 * @param until the rule holds again from then on
 * @param grantedBy null when the account is gone
 * @param told whether the node knows
 */
record Grant(
        String rule,
        Instant until,
        String reason,
        @Nullable String grantedBy,
        Instant grantedAt,

        @Schema(description = "when it was revoked or replaced; null for one that ends by itself") @Nullable
        Instant endedAt,

        @Nullable String endedBy,
        State state,

        @Schema(description = "whether the node knows; it is told again until it does")
        boolean told,

        @Schema(description = "why the node does not take it") @Nullable
        String trouble) {

    enum State {
        /** It counts. */
        HOLDS,
        /** It ended by itself. */
        EXPIRED,
        /** An operator has ended it. */
        REVOKED
    }
}
