// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A tax: computed once, from an invoice's net sum.
 *
 * @param basisPoints hundredths of a percent
 */
record Tax(String name, int basisPoints) {
    static final Tax NONE = new Tax("no tax", 0);

    private static final BigDecimal WHOLE = BigDecimal.valueOf(10_000);

    long on(long net) {
        return BigDecimal.valueOf(net)
                .multiply(BigDecimal.valueOf(basisPoints))
                .divide(WHOLE, 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /** The net part of a sum that has the tax in it. */
    long netOf(long total) {
        return BigDecimal.valueOf(total)
                .multiply(WHOLE)
                .divide(WHOLE.add(BigDecimal.valueOf(basisPoints)), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }
}
