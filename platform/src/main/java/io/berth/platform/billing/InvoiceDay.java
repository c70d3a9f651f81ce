// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.time.LocalDate;

/** What one day adds to a line. Its hours and samples are at {@code …/usage}. */
record InvoiceDay(
        LocalDate day,
        BigInteger quantity,

        @Schema(description = "minor units; of a minimum's line it is below 0 where usage makes up for days before")
        long amount) {}
