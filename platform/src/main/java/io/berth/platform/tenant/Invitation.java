// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A way into a tenant, good once.
 *
 * @param token the secret; only in the answer that made it, null ever after
 * @param createdBy the account that answers for it: it is void when that one could not make it any more
 */
record Invitation(
        UUID id,
        Role role,

        @Schema(description = "the secret; only in the answer to the request that made it") @Nullable
        String token,

        String createdBy,
        Instant createdAt,
        Instant expiresAt,

        @Schema(description = "null: nobody has used it") @Nullable
        String acceptedBy,

        @Nullable Instant acceptedAt,
        @Nullable Instant revokedAt) {
    Invitation withSecret(@Nullable String secret) {
        return new Invitation(id, role, secret, createdBy, createdAt, expiresAt, acceptedBy, acceptedAt, revokedAt);
    }
}
