// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** O_* of include/uapi/asm-generic/fcntl.h; see open(2). O_RDONLY is 0. */
public enum OpenFlag implements Constant {
    O_RDONLY(0),
    O_WRONLY(01),
    O_RDWR(02),
    O_CREAT(0100),
    O_EXCL(0200),
    O_NOCTTY(0400),
    O_TRUNC(01000),
    O_APPEND(02000),
    O_NONBLOCK(04000),
    O_DSYNC(010000),
    O_CLOEXEC(02000000),
    O_NOATIME(01000000),
    O_PATH(010000000),
    O_DIRECT(perArchitecture(040000, 0200000)),
    O_LARGEFILE(perArchitecture(0100000, 0400000)),
    O_DIRECTORY(perArchitecture(0200000, 040000)),
    O_NOFOLLOW(perArchitecture(0400000, 0100000)),
    /** __O_TMPFILE|O_DIRECTORY. */
    O_TMPFILE(perArchitecture(020200000, 020040000));

    private final long value;

    OpenFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }

    /** These four differ between x86-64 and aarch64: arch/arm64/include/uapi/asm/fcntl.h. */
    private static long perArchitecture(long x8664, long aarch64) {
        return Architecture.host() == Architecture.X86_64 ? x8664 : aarch64;
    }
}
