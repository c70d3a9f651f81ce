// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One line of an invoice.
 *
 * @param meter null unless it is for usage
 * @param plan null on a credit note
 */
record InvoiceLine(
        int line,
        LineKind kind,
        @Nullable Meter meter,
        @Nullable String plan,

        @Schema(description = "the first day, UTC") LocalDate from,

        @Schema(description = "the first day after it") LocalDate to,

        @Schema(
                description =
                        "seconds, thousandths of a CPU for a second, microseconds, bytes for a second, bytes, or days: whole parts of the unit")
        BigInteger quantity,

        @Schema(example = "GiB-hour") String unit,

        @Schema(description = "the same in that unit, for people to read", example = "12.5")
        String units,

        @Schema(description = "minor units") long amount) {}
