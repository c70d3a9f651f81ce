// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** include/uapi/linux/mount.h; see open_tree(2), since Linux 5.2; AT_* flags are allowed too. */
public enum OpenTreeFlag implements Constant {
    OPEN_TREE_CLONE(1),
    OPEN_TREE_CLOEXEC(02000000);

    private final long value;

    OpenTreeFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
