// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.RoundingMode;

/** How what is less than a minor unit becomes one or none: once for each line of a month, and in no other place. */
enum Rounding {
    HALF_UP(RoundingMode.HALF_UP),
    HALF_EVEN(RoundingMode.HALF_EVEN),
    DOWN(RoundingMode.DOWN),
    UP(RoundingMode.UP);

    private final RoundingMode mode;

    Rounding(RoundingMode mode) {
        this.mode = mode;
    }

    RoundingMode mode() {
        return mode;
    }
}
