// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.security.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One API token.
 *
 * @param token the secret itself; only in the answer that made it, null ever after
 * @param prefix the secret's beginning, to know it by
 * @param tenant the one tenant that it is good for, null for all of its person's
 */
record Token(
        UUID id,
        String name,

        @Schema(description = "the secret; only in the answer to the request that made it") @Nullable
        String token,

        String prefix,
        List<Scope> scopes,
        @Nullable String tenant,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {
    Token withSecret(@Nullable String secret) {
        return new Token(id, name, secret, prefix, scopes, tenant, createdAt, expiresAt, lastUsedAt, revokedAt);
    }
}
