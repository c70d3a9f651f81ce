// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import java.util.Optional;

/**
 * struct pidfd_info, include/uapi/linux/pidfd.h, since Linux 6.13 (the exit since 6.15).
 *
 * @param cgroupId the inode of its v2 cgroup
 * @param exit how it ended, also for those who are not its parent. 0 for a container's init that powered off or rebooted: the
 *     monitor's waitid is what counts
 */
public record PidfdInfo(int pid, int tgid, int ppid, int uid, int gid, long cgroupId, Optional<ExitStatus> exit) {
    static final int SIZE = 64; // PIDFD_INFO_SIZE_VER0
    private static final long PIDFD_INFO_PID = 1;
    private static final long PIDFD_INFO_CREDS = 2;
    private static final long PIDFD_INFO_CGROUPID = 4;
    private static final long PIDFD_INFO_EXIT = 8;
    static final long WANTED = PIDFD_INFO_PID | PIDFD_INFO_CREDS | PIDFD_INFO_CGROUPID | PIDFD_INFO_EXIT;

    static PidfdInfo of(NativeBuffer info) {
        boolean ended = (info.getLong(0) & PIDFD_INFO_EXIT) != 0;
        return new PidfdInfo(
                info.getInt(16),
                info.getInt(20),
                info.getInt(24),
                info.getInt(28),
                info.getInt(32),
                info.getLong(8),
                ended ? Optional.of(ExitStatus.ofWaitStatus(info.getInt(60))) : Optional.empty());
    }
}
