// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Constants joined by OR, which still know their names; those are put together only when somebody reads them. */
public final class Flags {
    public static final Flags NONE = new Flags(0);

    private final long bits;
    private final Constant[] constants;

    private Flags(long bits, Constant... constants) {
        this.bits = bits;
        this.constants = constants;
    }

    public static Flags of(Constant... constants) {
        return constants.length == 0 ? NONE : new Flags(bits(constants), constants.clone());
    }

    public Flags with(Constant... more) {
        if (more.length == 0) {
            return this;
        }
        Constant[] all = Arrays.copyOf(constants, constants.length + more.length);
        System.arraycopy(more, 0, all, constants.length, more.length);
        long added = bits(more);
        if (bits == 0) {
            return new Flags(added, more.clone());
        }
        return added == 0 ? this : new Flags(bits | added, all);
    }

    public static long bits(Constant... constants) {
        long bits = 0;
        for (Constant constant : constants) {
            bits |= constant.value();
        }
        return bits;
    }

    public long bits() {
        return bits;
    }

    /** The C names, {@code MS_REC|MS_PRIVATE}; 0 for none. */
    public String text() {
        return constants.length == 0
                ? "0"
                : Arrays.stream(constants).map(Constant::name).collect(Collectors.joining("|"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Flags flags && bits == flags.bits && text().equals(flags.text());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(bits);
    }

    @Override
    public String toString() {
        return text();
    }
}
