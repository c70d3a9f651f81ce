// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** LSM_ID_*, include/uapi/linux/lsm.h, since Linux 6.8. */
public enum LsmId implements Constant {
    LSM_ID_UNDEF(0),
    LSM_ID_SELINUX(101),
    LSM_ID_APPARMOR(104);

    private final long value;

    LsmId(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
