// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshban;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A network that no gateway listens to.
 *
 * @param network with its prefix: {@code 192.0.2.7/32}
 * @param reason for operators; whoever is banned hears nothing
 * @param bannedBy null when that account is gone
 */
record SshBan(
        UUID id,
        String network,
        String reason,
        @Nullable String bannedBy,
        Instant createdAt,

        @Schema(description = "null: until it is lifted") @Nullable
        Instant expiresAt) {}
