// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** What tenants are on: a version of a price book, and what a month costs at any rate. */
record Plan(
        String name,
        String book,
        int version,
        String currency,

        @Schema(description = "minor units; shared out by days where the plan holds for a part of the month")
        long flatMonthly,

        @Schema(description = "minor units; the same") long minimumMonthly,

        Instant createdAt) {}
