// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** P_* and W*, include/uapi/linux/wait.h; see waitid(2). */
public enum WaitFlag implements Constant {
    P_PID(1),
    P_PIDFD(3),
    WNOHANG(0x1),
    WEXITED(0x4),
    WNOWAIT(0x01000000),
    /** Children that don't end by SIGCHLD too. */
    __WALL(0x40000000);

    private final long value;

    WaitFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
