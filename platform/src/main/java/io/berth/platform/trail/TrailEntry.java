// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One request that changed something or tried to.
 *
 * @param actor the account's name
 * @param credential what it showed
 * @param source the address that it came from
 * @param status the answer's; null where it was done before it was answered
 * @param asked the request's body without secrets
 * @param before what was there before, where the change is one of a state
 * @param after what is there then
 */
public record TrailEntry(
        UUID id,
        Instant at,
        @Nullable UUID actorId,
        @Nullable String actor,
        @Nullable String credential,
        String source,
        @Nullable String tenant,
        @Nullable UUID tenantId,
        String method,
        String path,
        Outcome outcome,
        @Nullable Integer status,
        @Schema(type = "object") @Nullable JsonNode asked,
        @Schema(type = "object") @Nullable JsonNode before,
        @Schema(type = "object") @Nullable JsonNode after) {}
