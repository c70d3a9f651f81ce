// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One resource of a tenant.
 *
 * @param used with the tenants below it
 * @param hard what is never exceeded by a request, null for no limit
 * @param soft above this the tenant is warned, null for never
 * @param isDefault whether hard is the platform's default and not this tenant's own
 */
record QuotaLine(
        Resource resource,

        @Schema(description = "reserved by what exists, the tenants below included")
        long used,

        @Schema(description = "null: no limit") @Nullable Long hard,
        @Schema(description = "null: no warning") @Nullable Long soft,
        boolean isDefault,
        State state) {
    /** How near the limit is. */
    enum State {
        WITHIN,
        /** Above the soft limit. */
        WARNED,
        /** Nothing more fits. */
        FULL
    }

    static QuotaLine of(Resource resource, long used, @Nullable Long hard, @Nullable Long soft, boolean isDefault) {
        return new QuotaLine(resource, used, hard, soft, isDefault, state(used, hard, soft));
    }

    private static State state(long used, @Nullable Long hard, @Nullable Long soft) {
        if (hard != null && used >= hard) {
            return State.FULL;
        }
        return soft != null && used > soft ? State.WARNED : State.WITHIN;
    }

    /** How much more fits; null for any amount. */
    @Nullable
    Long room() {
        return hard == null ? null : Long.valueOf(Math.max(0, hard - used));
    }
}
