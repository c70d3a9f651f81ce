// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.time.Instant;
import java.util.List;

/** Prices as they are once and for all. */
record PriceBookVersion(
        String book, int version, String currency, Rounding rounding, List<PriceWish> prices, Instant createdAt) {
    PriceBookVersion {
        prices = List.copyOf(prices);
    }
}
