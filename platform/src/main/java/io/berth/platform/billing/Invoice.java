// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An invoice or a credit note, without its lines. Amounts are minor units of the currency. */
record Invoice(
        UUID id,
        InvoiceKind kind,
        InvoiceState state,

        @Schema(description = "null while it is a draft", example = "INV-000001") @Nullable
        String number,

        String tenant,

        @Schema(example = "2026-11") String month,

        String currency,
        long net,
        String taxName,

        @Schema(description = "hundredths of a percent", example = "1900")
        int taxBasisPoints,

        long tax,
        long total,

        @Schema(description = "what is still to be paid; of a credit note 0")
        long due,

        Party issuer,
        Party customer,

        @Schema(description = "the invoice that a credit note corrects") @Nullable
        UUID corrects,

        @Schema(description = "of a credit note") @Nullable String reason,

        Instant computedAt,
        @Nullable Instant finalAt) {}
