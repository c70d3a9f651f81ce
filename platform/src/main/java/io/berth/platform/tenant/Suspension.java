// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That an operator has suspended a tenant.
 *
 * @param reason in the operator's words
 * @param by the operator, null where it was before this was noted
 */
public record Suspension(
        @Schema(description = "null: none was given") @Nullable
        String reason,

        @Nullable String by,
        Instant since,
        Hold containers) {
    /** One line for people to read, without anything that moves a cursor. */
    static final String REASON = "(?=.*\\S)\\P{C}{1,200}";

    static final String REASON_WISH = "use one line of 1 to 200 characters";
}
