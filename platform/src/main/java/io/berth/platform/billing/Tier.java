// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A price for the units from the tier before up to a bound.
 *
 * @param upTo units beyond what is included, in a whole month; null for all that follow
 * @param unitPrice in the currency's major unit
 */
record Tier(@Nullable BigDecimal upTo, BigDecimal unitPrice) {
    Tier {
        if (unitPrice.signum() < 0 || (upTo != null && upTo.signum() <= 0)) {
            throw new IllegalArgumentException(
                    "a tier has a price of 0 or more, and a bound above 0: " + upTo + ", " + unitPrice);
        }
    }
}
