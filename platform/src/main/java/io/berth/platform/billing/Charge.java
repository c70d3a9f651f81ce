// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one thing costs.
 *
 * @param meter null unless it is {@link Kind#USAGE}
 * @param quantity parts of the meter's unit, or days of a flat fee
 * @param amount minor units
 */
record Charge(Kind kind, @Nullable Meter meter, BigInteger quantity, long amount) {
    /** What it is for. */
    enum Kind {
        FLAT,
        USAGE,
        /** What is missing to the plan's minimum. */
        MINIMUM
    }
}
