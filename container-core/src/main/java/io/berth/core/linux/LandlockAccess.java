// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** LANDLOCK_ACCESS_*, include/uapi/linux/landlock.h; see landlock(7). Each with the ABI that brought it. */
public enum LandlockAccess implements Constant {
    LANDLOCK_ACCESS_FS_EXECUTE(Kind.FILE, 0, 1),
    LANDLOCK_ACCESS_FS_WRITE_FILE(Kind.FILE, 1, 1),
    LANDLOCK_ACCESS_FS_READ_FILE(Kind.FILE, 2, 1),
    LANDLOCK_ACCESS_FS_READ_DIR(Kind.DIRECTORY, 3, 1),
    LANDLOCK_ACCESS_FS_REMOVE_DIR(Kind.DIRECTORY, 4, 1),
    LANDLOCK_ACCESS_FS_REMOVE_FILE(Kind.DIRECTORY, 5, 1),
    LANDLOCK_ACCESS_FS_MAKE_CHAR(Kind.DIRECTORY, 6, 1),
    LANDLOCK_ACCESS_FS_MAKE_DIR(Kind.DIRECTORY, 7, 1),
    LANDLOCK_ACCESS_FS_MAKE_REG(Kind.DIRECTORY, 8, 1),
    LANDLOCK_ACCESS_FS_MAKE_SOCK(Kind.DIRECTORY, 9, 1),
    LANDLOCK_ACCESS_FS_MAKE_FIFO(Kind.DIRECTORY, 10, 1),
    LANDLOCK_ACCESS_FS_MAKE_BLOCK(Kind.DIRECTORY, 11, 1),
    LANDLOCK_ACCESS_FS_MAKE_SYM(Kind.DIRECTORY, 12, 1),
    LANDLOCK_ACCESS_FS_REFER(Kind.DIRECTORY, 13, 2),
    LANDLOCK_ACCESS_FS_TRUNCATE(Kind.FILE, 14, 3),
    LANDLOCK_ACCESS_FS_IOCTL_DEV(Kind.FILE, 15, 5),
    LANDLOCK_ACCESS_NET_BIND_TCP(Kind.PORT, 0, 4),
    LANDLOCK_ACCESS_NET_CONNECT_TCP(Kind.PORT, 1, 4),
    LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET(Kind.SCOPE, 0, 6),
    LANDLOCK_SCOPE_SIGNAL(Kind.SCOPE, 1, 6);

    /** What a right is about; each kind counts its bits from 0. */
    public enum Kind {
        /** A file, or the files of a directory. */
        FILE,
        /** Directories alone; shares its bits with {@link #FILE}. */
        DIRECTORY,
        PORT,
        SCOPE
    }

    private final Kind kind;
    private final int bit;
    private final int abi;

    LandlockAccess(Kind kind, int bit, int abi) {
        this.kind = kind;
        this.bit = bit;
        this.abi = abi;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isFileSystem() {
        return kind == Kind.FILE || kind == Kind.DIRECTORY;
    }

    /** Whether a kernel with this ABI knows it. */
    public boolean isIn(int thatAbi) {
        return abi <= thatAbi;
    }

    @Override
    public long value() {
        return 1L << bit;
    }
}
