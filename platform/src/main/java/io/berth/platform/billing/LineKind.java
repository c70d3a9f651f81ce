// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

/** What a line of an invoice is for. */
enum LineKind {
    FLAT,
    USAGE,
    /** What is missing to the plan's minimum. */
    MINIMUM,
    /** A credit note's. */
    CORRECTION;

    static LineKind of(Charge.Kind kind) {
        return switch (kind) {
            case FLAT -> FLAT;
            case USAGE -> USAGE;
            case MINIMUM -> MINIMUM;
        };
    }
}
