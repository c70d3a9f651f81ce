// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** MNT_* and UMOUNT_* of include/linux/fs.h; see umount2(2). */
public enum UmountFlag implements Constant {
    MNT_FORCE(1),
    MNT_DETACH(2),
    MNT_EXPIRE(4),
    UMOUNT_NOFOLLOW(8);

    private final long value;

    UmountFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
