// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** MS_* of include/uapi/linux/mount.h; see mount(2). The four propagation types are also mount_attr.propagation. */
public enum MountFlag implements Constant {
    MS_RDONLY(0x1),
    MS_NOSUID(0x2),
    MS_NODEV(0x4),
    MS_NOEXEC(0x8),
    MS_REMOUNT(0x20),
    MS_NOATIME(0x400),
    MS_BIND(0x1000),
    MS_MOVE(0x2000),
    MS_REC(0x4000),
    MS_UNBINDABLE(0x20000),
    MS_PRIVATE(0x40000),
    MS_SLAVE(0x80000),
    MS_SHARED(0x100000),
    MS_RELATIME(0x200000);

    private final long value;

    MountFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
