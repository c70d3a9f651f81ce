// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** S_IF*, include/uapi/linux/stat.h; see inode(7). */
public enum FileType implements Constant {
    S_IFIFO(0010000),
    S_IFCHR(0020000),
    S_IFDIR(0040000),
    S_IFBLK(0060000),
    S_IFREG(0100000),
    S_IFLNK(0120000),
    S_IFSOCK(0140000);

    private final long value;

    FileType(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
