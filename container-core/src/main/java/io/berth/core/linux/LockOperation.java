// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** include/uapi/asm-generic/fcntl.h; see flock(2). */
public enum LockOperation implements Constant {
    LOCK_SH(1),
    LOCK_EX(2),
    LOCK_NB(4),
    LOCK_UN(8);

    private final long value;

    LockOperation(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
