// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** F_*, include/uapi/asm-generic/fcntl.h and include/uapi/linux/fcntl.h; see fcntl(2). */
public enum FcntlCommand implements Constant {
    F_GETFD(1),
    F_SETFD(2),
    F_GETFL(3),
    F_SETFL(4),
    F_SETPIPE_SZ(1031),
    F_DUPFD_CLOEXEC(1030),
    F_ADD_SEALS(1033),
    F_GET_SEALS(1034);

    private final long value;

    FcntlCommand(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
