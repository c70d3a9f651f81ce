// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** MOUNT_ATTR_*, struct mount_attr, include/uapi/linux/mount.h; see mount_setattr(2), since Linux 5.12. */
public enum MountAttr implements Constant {
    MOUNT_ATTR_RDONLY(0x1),
    MOUNT_ATTR_NOSUID(0x2),
    MOUNT_ATTR_NODEV(0x4),
    MOUNT_ATTR_NOEXEC(0x8),
    MOUNT_ATTR_NOATIME(0x10),
    MOUNT_ATTR_STRICTATIME(0x20),
    MOUNT_ATTR__ATIME(0x70),
    MOUNT_ATTR_NODIRATIME(0x80),
    MOUNT_ATTR_IDMAP(0x100000),
    MOUNT_ATTR_NOSYMFOLLOW(0x200000);

    private final long value;

    MountAttr(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
