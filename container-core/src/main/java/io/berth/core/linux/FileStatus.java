// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.time.Instant;

/**
 * What statx(2) says, struct statx, include/uapi/linux/stat.h.
 *
 * @param mode type and permissions
 * @param blocks of 512 bytes
 */
public record FileStatus(
        int mode,
        int uid,
        int gid,
        long inode,
        Device on,
        Device rdev,
        int links,
        long size,
        long blocks,
        Instant modified) {
    /** A device's number in its two parts. */
    public record Device(int major, int minor) {}

    private static final int S_IFMT = 0170000;

    static FileStatus of(NativeBuffer statx) {
        return new FileStatus(
                statx.getUnsignedShort(28),
                statx.getInt(20),
                statx.getInt(24),
                statx.getLong(32),
                new Device(statx.getInt(136), statx.getInt(140)),
                new Device(statx.getInt(128), statx.getInt(132)),
                statx.getInt(16),
                statx.getLong(40),
                statx.getLong(48),
                Instant.ofEpochSecond(statx.getLong(112), statx.getInt(120)));
    }

    public boolean is(FileType type) {
        return (mode & S_IFMT) == type.value();
    }

    /** The mode's lowest twelve bits, as chmod(2) sets them. */
    public int permissions() {
        return mode & 07777;
    }
}
