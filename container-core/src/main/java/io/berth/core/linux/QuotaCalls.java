// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.attempt;
import static io.berth.core.linux.Syscall.call;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Project quotas of ext4, xfs and f2fs: a directory has a project's number, what is made in it inherits that, and the filesystem bounds
 * what all files of a project take. In a user namespace nobody can change a project (fileattr_set_prepare, fs/ioctl.c).
 */
public final class QuotaCalls {
    private static final int PRJQUOTA = 2; // include/uapi/linux/quota.h
    private static final int Q_GETQUOTA = 0x800007;
    private static final int Q_SETQUOTA = 0x800008;
    private static final int Q_XGETQSTAT = 0x5805; // include/uapi/linux/dqblk_xfs.h; other filesystems answer it, too
    private static final int FS_QUOTA_PDQ_ENFD = 1 << 5;
    private static final int QSTAT_BYTES = 128; // struct fs_quota_stat has 80
    private static final int QSTAT_FLAGS = 2;
    private static final int DQBLK_BYTES = 72; // struct if_dqblk
    private static final int QIF_LIMITS = 5; // QIF_BLIMITS | QIF_ILIMITS
    private static final int BLOCK_BYTES = 1024; // QIF_DQBLKSIZE
    private static final int FSXATTR_BYTES = 28; // struct fsxattr, include/uapi/linux/fs.h
    private static final int FSX_PROJID = 12;
    private static final int FS_XFLAG_PROJINHERIT = 0x200;

    private QuotaCalls() {}

    /**
     * A project's limits and use; a limit of 0 is none.
     *
     * @param mostBytes in whole KiB
     */
    public record Project(long mostBytes, long mostInodes, long bytes, long inodes) {}

    /** Whether the filesystem is mounted so that projects are bounded, and the kernel can. */
    public static boolean holdsProjects(Fd directory) {
        try (var memory = new NativeMemory()) {
            NativeBuffer state = memory.allocate(QSTAT_BYTES).named("state");
            return attempt(Sys.QUOTACTL_FD, directory, command(Q_XGETQSTAT), 0, state) == 0
                    && (state.getUnsignedShort(QSTAT_FLAGS) & FS_QUOTA_PDQ_ENFD) != 0;
        }
    }

    public static Project project(Fd directory, int project) {
        try (var memory = new NativeMemory()) {
            NativeBuffer quota = memory.allocate(DQBLK_BYTES).named("quota");
            long result = attempt(Sys.QUOTACTL_FD, directory, command(Q_GETQUOTA), project, quota);
            if (result == -Errno.ENOENT.number()) { // xfs knows none that nothing is charged to
                return new Project(0, 0, 0, 0);
            }
            if (result < 0) {
                throw new SyscallException(
                        "quotactl_fd(" + directory + ", Q_GETQUOTA, project " + project + ")", Errno.of(-result));
            }
            return new Project(quota.getLong(0) * BLOCK_BYTES, quota.getLong(24), quota.getLong(16), quota.getLong(40));
        }
    }

    /** @param bytes whole KiB of which count */
    public static void limit(Fd directory, int project, long bytes, long inodes) {
        try (var memory = new NativeMemory()) {
            NativeBuffer quota = memory.allocate(DQBLK_BYTES).named(bytes + " bytes, " + inodes + " inodes");
            quota.putLong(0, bytes / BLOCK_BYTES).putLong(24, inodes).putInt(64, QIF_LIMITS);
            call(Sys.QUOTACTL_FD, directory, command(Q_SETQUOTA), project, quota);
        }
    }

    private static int command(int command) {
        return command << 8 | PRJQUOTA; // QCMD
    }

    /** 0 for none. */
    public static int projectOf(Fd directory) {
        return view(attributes(directory)).getInt(FSX_PROJID);
    }

    /** From now on what is made in the directory is charged to the project, and so is the directory. */
    public static void assign(Fd directory, int project) {
        byte[] attributes = attributes(directory);
        ByteBuffer view = view(attributes);
        view.putInt(0, view.getInt(0) | FS_XFLAG_PROJINHERIT).putInt(FSX_PROJID, project);
        FileCalls.ioctl(directory, Ioctl.FS_IOC_FSSETXATTR, attributes);
    }

    private static byte[] attributes(Fd directory) {
        byte[] bytes = new byte[FSXATTR_BYTES];
        FileCalls.ioctl(directory, Ioctl.FS_IOC_FSGETXATTR, bytes);
        return bytes;
    }

    private static ByteBuffer view(byte[] attributes) {
        return ByteBuffer.wrap(attributes).order(ByteOrder.nativeOrder());
    }
}
