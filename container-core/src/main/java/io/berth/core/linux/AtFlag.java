// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** AT_* of include/uapi/linux/fcntl.h. */
public enum AtFlag implements Constant {
    AT_SYMLINK_NOFOLLOW(0x100),
    AT_REMOVEDIR(0x200),
    AT_SYMLINK_FOLLOW(0x400),
    AT_NO_AUTOMOUNT(0x800),
    AT_EMPTY_PATH(0x1000),
    AT_RECURSIVE(0x8000);

    private final long value;

    AtFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
