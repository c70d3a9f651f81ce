// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.security.OperatorRole;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One person's account, without anything secret.
 *
 * @param operator whether the account may do everything on this platform
 * @param operatorRole what it may do there; null for no operator
 */
record User(
        UUID id,
        String name,
        boolean operator,

        @Schema(description = "null: no operator") @Nullable OperatorRole operatorRole,

        Instant createdAt) {}
