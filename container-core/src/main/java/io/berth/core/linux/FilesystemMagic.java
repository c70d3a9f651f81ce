// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** f_type of statfs(2): include/uapi/linux/magic.h. */
public enum FilesystemMagic implements Constant {
    EXT4_SUPER_MAGIC(0xEF53),
    BTRFS_SUPER_MAGIC(0x9123683EL),
    XFS_SUPER_MAGIC(0x58465342),
    TMPFS_MAGIC(0x01021994),
    OVERLAYFS_SUPER_MAGIC(0x794c7630),
    CGROUP_SUPER_MAGIC(0x27e0eb),
    CGROUP2_SUPER_MAGIC(0x63677270),
    DEVPTS_SUPER_MAGIC(0x1cd1),
    PROC_SUPER_MAGIC(0x9fa0);

    private final long value;

    FilesystemMagic(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
