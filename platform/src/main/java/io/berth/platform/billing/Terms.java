// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * All that rating goes by: a version of a price book, and what the plan adds to it.
 *
 * @param prices one a meter at most; what has none is free
 * @param flatMonthly minor units, for a whole month
 * @param minimumMonthly minor units, for a whole month
 */
record Terms(Currency currency, Rounding rounding, List<Price> prices, long flatMonthly, long minimumMonthly) {
    Terms {
        prices = List.copyOf(prices);
        if (flatMonthly < 0 || minimumMonthly < 0) {
            throw new IllegalArgumentException("amounts are 0 or more");
        }
        Set<Meter> seen = EnumSet.noneOf(Meter.class);
        for (Price price : prices) {
            if (!seen.add(price.meter())) {
                throw new IllegalArgumentException("two prices for " + price.meter());
            }
        }
    }
}
