// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A price as it is asked for, kept and shown. */
record PriceWish(
        @NotNull Meter meter,

        @Schema(description = "HOUR for what is had over time only; SECOND when left out") @Nullable
        Granularity granularity,

        @Schema(example = "100", description = "units a month that cost nothing; 0 when left out")
        @Nullable
        @Pattern(regexp = Decimals.FORM, message = Decimals.WISH)
        String included,

        @NotNull @Valid @Size(min = 1, max = 20) List<@NotNull @Valid TierWish> tiers) {
    /** A tier as it is asked for. */
    record TierWish(
            @Schema(example = "1000", description = "units a month beyond what is included; left out in the last tier")
            @Nullable
            @Pattern(regexp = Decimals.FORM, message = Decimals.WISH)
            String upTo,

            @NotNull
            @Schema(example = "0.0125", description = "in the currency's major unit, for one of the meter's units")
            @Pattern(regexp = Decimals.FORM, message = Decimals.WISH)
            String unitPrice) {
        private Tier tier() {
            return new Tier(upTo == null ? null : new BigDecimal(upTo), new BigDecimal(unitPrice));
        }
    }

    Price price() {
        return new Price(
                meter,
                granularity == null ? Granularity.SECOND : granularity,
                included == null ? BigDecimal.ZERO : new BigDecimal(included),
                tiers.stream().map(TierWish::tier).toList());
    }

    /** @throws ProblemException naming the price that makes no sense */
    static List<Price> prices(List<PriceWish> wishes) {
        for (int i = 0; i < wishes.size(); i++) {
            try {
                wishes.get(i).price();
            } catch (IllegalArgumentException e) {
                throw ProblemException.field("prices." + i, "prices." + i + ": " + e.getMessage());
            }
        }
        return wishes.stream().map(PriceWish::price).toList();
    }
}
