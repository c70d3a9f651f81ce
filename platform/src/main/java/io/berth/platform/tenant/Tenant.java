// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One tenant.
 *
 * @param parent the tenant that it is below, and whose quota it uses; null for none
 * @param state its own, and that of the tenant above
 */
public record Tenant(
        UUID id,
        String name,

        @Schema(description = "the tenant whose quota it uses, too; null for none") @Nullable
        String parent,

        @Schema(description = "SUSPENDED also while the tenant above is, and until it is deleted")
        TenantState state,

        Instant createdAt,

        @Schema(description = "null unless it has been suspended itself") @Nullable
        Suspension suspension,

        @Schema(description = "null unless it is going to be deleted") @Nullable
        Deletion deletion,

        @Schema(description = "whose budget is used up and holds it: its own, or the tenant's above; null for none")
        @Nullable
        String overBudget) {
    /** @throws ProblemException while it is suspended; then not even an operator sets anything going in it */
    public void requireActive() {
        if (state == TenantState.SUSPENDED) {
            throw new ProblemException(
                    ProblemKind.TENANT_SUSPENDED, "tenant '" + name + "' is suspended" + why() + "; " + cure());
        }
    }

    private String why() {
        if (deletion != null) {
            return " and will be deleted at " + deletion.at();
        }
        if (isHeldByBudgetAlone()) {
            return ", as the budget of '" + overBudget + "' is used up";
        }
        if (suspension == null) {
            return ", as '" + parent + "' above it is";
        }
        return suspension.reason() == null ? "" : ": " + suspension.reason();
    }

    private boolean isHeldByBudgetAlone() {
        return overBudget != null && suspension == null && deletion == null;
    }

    private String cure() {
        return isHeldByBudgetAlone()
                ? "an owner of '" + overBudget + "' raises it by PUT …/tenants/" + overBudget
                        + "/budget, or the next month begins"
                : "ask the platform's operator";
    }
}
