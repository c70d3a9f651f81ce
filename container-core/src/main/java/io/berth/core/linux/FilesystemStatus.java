// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.util.Set;

/** What fstatfs(2) says: struct statfs of 64-bit machines, include/uapi/asm-generic/statfs.h. Counts are in blocks, flags are ST_*. */
public record FilesystemStatus(
        long type, long blockBytes, long blocks, long free, long available, long files, long freeFiles, long flags) {
    static final int SIZE = 120;

    static FilesystemStatus of(NativeBuffer statfs) {
        return new FilesystemStatus(
                statfs.getLong(0),
                statfs.getLong(8),
                statfs.getLong(16),
                statfs.getLong(24),
                statfs.getLong(32),
                statfs.getLong(40),
                statfs.getLong(48),
                statfs.getLong(80));
    }

    public boolean is(FilesystemMagic magic) {
        return type == magic.value();
    }

    public boolean isAnyOf(Set<FilesystemMagic> magics) {
        for (FilesystemMagic magic : magics) {
            if (is(magic)) {
                return true;
            }
        }
        return false;
    }
}
