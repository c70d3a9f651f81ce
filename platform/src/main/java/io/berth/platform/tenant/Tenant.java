// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One tenant.
 *
 * @param parent the tenant that it is below, and whose quota it uses; null for none
 */
public record Tenant(
        UUID id,
        String name,

        @Schema(description = "the tenant whose quota it uses, too; null for none") @Nullable
        String parent,

        TenantState state,
        Instant createdAt) {}
