// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tenant's budget, and how much of it is used up. Amounts are minor units, net; what tenants below cost counts. */
record Budget(
        String currency,
        long monthly,

        @Schema(description = "in percent: when it is told") List<Integer> alerts,

        BudgetCaps caps,

        @Schema(example = "2026-11", description = "UTC; of which the rest is known")
        String month,

        long spent,
        int percent,

        @Schema(description = "what is being done; null: nothing") @Nullable
        BudgetStep step,

        Instant lookedAt,
        @JsonIgnore long version,
        @JsonIgnore int told) {
    Budget {
        alerts = List.copyOf(alerts);
    }

    BudgetTerms terms() {
        return new BudgetTerms(currency, monthly, alerts, caps);
    }

    String etag() {
        return "\"" + version + "\"";
    }
}
