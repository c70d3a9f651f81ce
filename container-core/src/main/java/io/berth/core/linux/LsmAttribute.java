// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** LSM_ATTR_*, include/uapi/linux/lsm.h; see lsm_set_self_attr(2), since Linux 6.8. */
public enum LsmAttribute implements Constant {
    LSM_ATTR_UNDEF(0),
    /** The process's own label. */
    LSM_ATTR_CURRENT(100),
    /** The label that its next execve(2) takes. */
    LSM_ATTR_EXEC(101);

    private final long value;

    LsmAttribute(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
