// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** Flags of fsopen(2) and fsmount(2), include/uapi/linux/mount.h, since Linux 5.2. */
public enum FsFlag implements Constant {
    FSOPEN_CLOEXEC(1),
    FSMOUNT_CLOEXEC(1);

    private final long value;

    FsFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
