// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.audit;

import io.berth.platform.trail.Outcome;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which entries somebody wants; null for any.
 *
 * @param path how it begins
 * @param since from then on
 * @param until before then
 */
record AuditSearch(
        @Nullable UUID tenant,
        @Nullable String actor,
        @Nullable Outcome outcome,
        @Nullable String path,
        @Nullable Instant since,
        @Nullable Instant until) {}
