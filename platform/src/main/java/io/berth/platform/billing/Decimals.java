// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

/** Decimals in JSON are texts: a number may pass through a double on its way. */
final class Decimals {
    static final String FORM = "[0-9]{1,7}(\\.[0-9]{1,12})?";
    static final String WISH = "write a decimal such as 0.0125, with at most 7 digits before the point and 12 after it";

    private Decimals() {}
}
