// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Credit that whoever knows the code may take, once each tenant. */
record Coupon(
        String code,
        String currency,

        @Schema(description = "minor units") long amount,

        @Schema(description = "how many tenants may redeem it; null: all") @Nullable
        Long most,

        @Schema(description = "how many have") long used,

        @Nullable Instant expiresAt,

        @Schema(description = "since when nobody redeems it any more; null: it is not ended") @Nullable
        Instant endedAt,

        Instant createdAt) {
    static final String CODE = "[A-Z0-9]([A-Z0-9-]{4,30}[A-Z0-9])";
    static final String CODE_WISH = "write 6 to 32 of A-Z, 0-9 and '-', such as WELCOME-2026";
}
