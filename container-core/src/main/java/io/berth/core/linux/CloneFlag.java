// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** include/uapi/linux/sched.h; see clone(2), setns(2) and unshare(2). */
public enum CloneFlag implements Constant {
    /** Not for the old clone(2), whose signal it would be. */
    CLONE_NEWTIME(0x80),
    CLONE_VM(0x100),
    CLONE_FS(0x200),
    CLONE_FILES(0x400),
    CLONE_SIGHAND(0x800),
    CLONE_PIDFD(0x1000),
    CLONE_VFORK(0x4000),
    CLONE_PARENT(0x8000),
    CLONE_THREAD(0x10000),
    CLONE_NEWNS(0x20000),
    CLONE_SYSVSEM(0x40000),
    CLONE_NEWCGROUP(0x02000000),
    CLONE_NEWUTS(0x04000000),
    CLONE_NEWIPC(0x08000000),
    CLONE_NEWUSER(0x10000000),
    CLONE_NEWPID(0x20000000),
    CLONE_NEWNET(0x40000000),
    /** clone3(2) only, since Linux 5.5. */
    CLONE_CLEAR_SIGHAND(0x100000000L),
    /** clone3(2) only, since Linux 5.7. */
    CLONE_INTO_CGROUP(0x200000000L);

    private final long value;

    CloneFlag(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
