// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import static io.berth.core.seccomp.Numbers.NONE;

import io.berth.core.seccomp.Condition.AllOf;
import io.berth.core.seccomp.Condition.Always;
import io.berth.core.seccomp.Condition.ArgumentHas;
import io.berth.core.seccomp.Condition.ArgumentIs;
import io.berth.core.seccomp.Condition.ArgumentIsNot;
import io.berth.core.seccomp.Condition.Named;
import java.util.List;

/**
 * System calls that the kernel refuses to a user namespace, or answers for the whole host, and that the supervisor answers
 * instead. The conditions look at registers only and let everything through that the kernel decides well by itself, so that
 * an ordinary call never waits for the supervisor.
 */
@SuppressWarnings("ImmutableEnumChecker") // numbers and conditions are records of records
public enum Emulated {
    MKNOD(
            "mknod",
            new Numbers(133, 14, NONE),
            device(1, 2),
            "the kernel makes no device nodes for a user namespace; some are harmless"),
    MKNODAT("mknodat", new Numbers(259, 297, 33), device(2, 3), "as mknod"),
    SETXATTR(
            "setxattr",
            new Numbers(188, 226, 5),
            oneByte(),
            "trusted.overlay.opaque is \"y\" on the directories that an image layer replaces; the kernel keeps trusted.* from user"
                    + " namespaces"),
    LSETXATTR("lsetxattr", new Numbers(189, 227, 6), oneByte(), "as setxattr"),
    FSETXATTR("fsetxattr", new Numbers(190, 228, 7), oneByte(), "as setxattr"),
    SYSINFO(
            "sysinfo",
            new Numbers(99, 116, 179),
            new Always(),
            "tells the host's memory and load instead of the container's"),
    SCHED_SETSCHEDULER(
            "sched_setscheduler",
            new Numbers(144, 156, 119),
            // SCHED_RESET_ON_FORK may be set too: the kernel refuses nothing but these two to a user namespace
            new ArgumentIs(
                    1,
                    List.of(
                            new Named("SCHED_FIFO", 1),
                            new Named("SCHED_RR", 2),
                            new Named("SCHED_FIFO|SCHED_RESET_ON_FORK", 0x40000001),
                            new Named("SCHED_RR|SCHED_RESET_ON_FORK", 0x40000002))),
            "real-time scheduling would starve other tenants; within the container it means to go first"),
    SCHED_GETAFFINITY(
            "sched_getaffinity",
            new Numbers(204, 242, 123),
            new Always(),
            "tells the host's processors instead of those that the container's limit pays for");

    private final String call;
    private final Numbers numbers;
    private final Condition when;
    private final String reason;

    Emulated(String call, Numbers numbers, Condition when, String reason) {
        this.call = call;
        this.numbers = numbers;
        this.when = when;
        this.reason = reason;
    }

    /** As man pages write it. */
    public String call() {
        return call;
    }

    Numbers numbers() {
        return numbers;
    }

    Condition when() {
        return when;
    }

    String describe() {
        return call + when.describe() + ": " + reason;
    }

    /**
     * A character or block device: S_IFCHR is 0020000 and S_IFBLK 0060000; of what mknod makes otherwise, S_IFREG, S_IFIFO and S_IFSOCK,
     * none has that bit. Device 0 is overlayfs's whiteout, which the kernel makes for anybody (vfs_mknod, fs/namei.c, since Linux 5.8).
     */
    private static Condition device(int mode, int device) {
        return new AllOf(
                new ArgumentHas(mode, new Named("S_IFCHR or S_IFBLK", 0020000)),
                new ArgumentIsNot(device, new Named("the whiteout", 0)));
    }

    /** The value "y" has one byte; the name is in memory, where no filter sees it. */
    private static Condition oneByte() {
        return new ArgumentIs(3, List.of(new Named("one byte", 1)));
    }
}
