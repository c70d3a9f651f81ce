// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** Permission bits, which messages show in octal. */
record Mode(int bits) implements Constant {
    @Override
    public long value() {
        return bits;
    }

    @Override
    public String name() {
        return "0" + Integer.toOctalString(bits);
    }

    @Override
    public String toString() {
        return name();
    }
}
