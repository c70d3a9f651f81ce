// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a tenant is going to be deleted.
 *
 * @param at not before; until then it can be undone
 * @param by the operator who asked for it
 */
public record Deletion(
        Instant at,

        @Schema(description = "null: none was given") @Nullable
        String reason,

        String by,
        Instant askedAt) {}
