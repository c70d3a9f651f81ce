// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was told of a budget, or done because of it. */
record BudgetNote(
        UUID id,
        Kind kind,
        Instant at,
        String month,

        @Schema(description = "of an alert") @Nullable Integer percent,

        @Schema(description = "of a step; null there: what had been done is undone") @Nullable
        BudgetStep step,

        long spent,
        long monthly,
        String currency) {
    /** What it was. */
    enum Kind {
        ALERT,
        STEP
    }
}
