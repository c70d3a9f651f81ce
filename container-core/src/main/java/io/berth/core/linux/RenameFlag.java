// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** include/uapi/linux/fs.h; see renameat2(2). */
public enum RenameFlag implements Constant {
    RENAME_NOREPLACE(1),
    RENAME_EXCHANGE(2);

    private final long value;

    RenameFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
