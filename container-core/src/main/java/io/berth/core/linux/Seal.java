// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** F_SEAL_*, include/uapi/linux/fcntl.h; see fcntl(2). */
public enum Seal implements Constant {
    F_SEAL_SEAL(1),
    F_SEAL_SHRINK(2),
    F_SEAL_GROW(4),
    F_SEAL_WRITE(8),
    F_SEAL_FUTURE_WRITE(0x10),
    /** Since Linux 6.3. */
    F_SEAL_EXEC(0x20);

    private final long value;

    Seal(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
