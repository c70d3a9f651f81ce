// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Constants joined by OR, which still know their names. */
public record Flags(long bits, String text) {
    public static final Flags NONE = new Flags(0, "0");

    public static Flags of(Constant... constants) {
        if (constants.length == 0) {
            return NONE;
        }
        long bits = 0;
        for (Constant constant : constants) {
            bits |= constant.value();
        }
        return new Flags(bits, Arrays.stream(constants).map(Constant::name).collect(Collectors.joining("|")));
    }

    public Flags with(Constant... more) {
        Flags added = of(more);
        if (bits == 0) {
            return added;
        }
        return added.bits == 0 ? this : new Flags(bits | added.bits, text + "|" + added.text);
    }

    public static long bits(Constant... constants) {
        return of(constants).bits;
    }

    @Override
    public String toString() {
        return text;
    }
}
