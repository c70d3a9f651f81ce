// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** include/uapi/linux/mount.h; see move_mount(2), since Linux 5.2. */
public enum MoveMountFlag implements Constant {
    MOVE_MOUNT_F_SYMLINKS(0x01),
    MOVE_MOUNT_F_AUTOMOUNTS(0x02),
    MOVE_MOUNT_F_EMPTY_PATH(0x04),
    MOVE_MOUNT_T_SYMLINKS(0x10),
    MOVE_MOUNT_T_AUTOMOUNTS(0x20),
    MOVE_MOUNT_T_EMPTY_PATH(0x40),
    MOVE_MOUNT_SET_GROUP(0x100),
    /** Since Linux 6.5. */
    MOVE_MOUNT_BENEATH(0x200);

    private final long value;

    MoveMountFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
