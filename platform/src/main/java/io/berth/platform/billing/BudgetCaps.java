// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** When what is done, in percent of the budget; what is left out is never done. */
record BudgetCaps(
        @Nullable @Min(1) @Max(MOST) @Schema(description = "containers get a quarter of their processors")
        Integer throttleAt,

        @Nullable @Min(1) @Max(MOST) @Schema(description = "containers stand still, and nobody logs in")
        Integer freezeAt,

        @Nullable @Min(1) @Max(MOST) @Schema(description = "containers are shut down, and nobody logs in")
        Integer stopAt) {
    /** Percent: ten times the budget; whoever wants to wait longer wants no cap. */
    static final int MOST = 1000;

    static final BudgetCaps NONE = new BudgetCaps(null, null, null);

    @Nullable
    Integer at(BudgetStep step) {
        return switch (step) {
            case THROTTLE -> throttleAt;
            case FREEZE -> freezeAt;
            case STOP -> stopAt;
        };
    }

    /** @throws ProblemException where what goes further would come first */
    void requireOrder() {
        int before = 0;
        for (BudgetStep step : BudgetStep.values()) {
            Integer at = at(step);
            if (at != null && at < before) {
                String field = "caps." + step.name().toLowerCase(Locale.ROOT) + "At";
                throw ProblemException.field(
                        field, field + ": comes before a cap that does less; choose at least " + before);
            }
            before = at == null ? before : at;
        }
    }
}
