// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.FsFlag;
import io.berth.core.linux.FsconfigCommand;
import io.berth.core.linux.MountAttr;
import io.berth.core.linux.MoveMountFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.PlanBuilder;

/**
 * securityfs in a container, through which its root reads and loads the policy of its own namespace: the kernel shows every reader
 * the namespace that they are in. What belongs to the host there is the host's root's, and so nobody's inside.
 */
public final class Securityfs {
    private static final Flags ATTRIBUTES =
            Flags.of(MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NODEV, MountAttr.MOUNT_ATTR_NOEXEC);

    private Securityfs() {}

    /** For a process in the initial user namespace: no other may make one. */
    public static Cell make(PlanBuilder plan) {
        Cell context = plan.cell("securityfs context");
        Cell mount = plan.cell("securityfs mount");
        plan.call("open securityfs", Sys.FSOPEN, "securityfs", Flags.of(FsFlag.FSOPEN_CLOEXEC))
                .into(context)
                .call("create securityfs", Sys.FSCONFIG, context, FsconfigCommand.FSCONFIG_CMD_CREATE, 0, 0, 0)
                .call("mount securityfs", Sys.FSMOUNT, context, Flags.of(FsFlag.FSMOUNT_CLOEXEC), ATTRIBUTES)
                .into(mount)
                .call("close securityfs's context", Sys.CLOSE, context);
        return mount;
    }

    /** For the container's init, when / is its own: sysfs has an empty directory for it. */
    public static void attach(PlanBuilder plan, Cell mount) {
        plan.call(
                        "attach /sys/kernel/security",
                        Sys.MOVE_MOUNT,
                        mount,
                        "",
                        Fd.AT_FDCWD,
                        "/sys/kernel/security",
                        Flags.of(MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH))
                .call("close securityfs's mount", Sys.CLOSE, mount);
    }
}
