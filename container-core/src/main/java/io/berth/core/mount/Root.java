// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.FsFlag;
import io.berth.core.linux.FsconfigCommand;
import io.berth.core.linux.MountAttr;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.MoveMountFlag;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.OpenTreeFlag;
import io.berth.core.linux.Sys;
import io.berth.core.linux.UmountFlag;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;

/** The steps that turn a detached rootfs into a container's /. */
public final class Root {
    private static final Flags ATTACH = Flags.of(MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH);

    /** A file system of the kernel's own, made inside so that it shows only what the container's namespaces hold. */
    private record Pseudo(String type, String target, Flags attributes) {
        Pseudo(String type, String target, MountAttr... attributes) {
            this(type, target, Flags.of(attributes));
        }
    }

    private static final Pseudo PROC = new Pseudo(
            "proc", "proc", MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NODEV, MountAttr.MOUNT_ATTR_NOEXEC);

    // read-only: its few writable files act on the host's devices. systemd takes that for "no udev here" and is right
    private static final Pseudo SYSFS = new Pseudo(
            "sysfs",
            "sys",
            MountAttr.MOUNT_ATTR_RDONLY,
            MountAttr.MOUNT_ATTR_NOSUID,
            MountAttr.MOUNT_ATTR_NODEV,
            MountAttr.MOUNT_ATTR_NOEXEC);

    private static final Pseudo CGROUP = new Pseudo(
            "cgroup2",
            "sys/fs/cgroup",
            MountAttr.MOUNT_ATTR_NOSUID,
            MountAttr.MOUNT_ATTR_NODEV,
            MountAttr.MOUNT_ATTR_NOEXEC);

    private static final Pseudo MQUEUE = new Pseudo(
            "mqueue",
            "dev/mqueue",
            MountAttr.MOUNT_ATTR_NOSUID,
            MountAttr.MOUNT_ATTR_NODEV,
            MountAttr.MOUNT_ATTR_NOEXEC);

    private static final Pseudo SHM =
            new Pseudo("tmpfs", "dev/shm", MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NODEV);

    private Root() {}

    /**
     * For the process whose mount namespace the *initial* user namespace still owns: the copy that init's clone3 makes of it
     * then has every flag locked, so that the container's root can't lift read-only or nosuid.
     *
     * @param staging an empty directory of the host; not /, which would hide the rootfs from umount(".")
     */
    public static void stage(PlanBuilder plan, Slot rootfs, String staging) {
        plan.call("cut mount propagation", Sys.MOUNT, 0, "/", 0, Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE), 0)
                .call("attach the rootfs", Sys.MOVE_MOUNT, rootfs, "", Fd.AT_FDCWD, staging, ATTACH)
                .call("enter the rootfs", Sys.FCHDIR, rootfs);
    }

    /**
     * For the container's init, inside all of its namespaces, with the staged rootfs as working directory.
     *
     * @param dev a detached /dev
     * @param pts a detached devpts whose terminal 0 is the console
     */
    public static void become(PlanBuilder plan, Slot dev, Slot pts) {
        Cell root = plan.cell("root");
        // pivot_root refuses a locked mount; a recursive clone has an unlocked top and keeps the flags locked
        plan.call("cut mount propagation", Sys.MOUNT, 0, "/", 0, Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE), 0)
                .call("clone the rootfs", Sys.OPEN_TREE, Fd.AT_FDCWD, ".", cloneFlags(AtFlag.AT_RECURSIVE))
                .into(root)
                .call("stack the rootfs over /", Sys.MOVE_MOUNT, root, "", Fd.AT_FDCWD, "/", ATTACH);
        mount(plan, root, PROC);
        mount(plan, root, SYSFS);
        mount(plan, root, CGROUP);
        plan.call("attach /dev", Sys.MOVE_MOUNT, dev, "", root, "dev", ATTACH)
                .call("attach /dev/pts", Sys.MOVE_MOUNT, pts, "", root, "dev/pts", ATTACH);
        mount(plan, root, MQUEUE);
        mount(plan, root, SHM);
        console(plan, root, pts);
        plan.call("enter the new root", Sys.FCHDIR, root)
                .call("change the root", Sys.PIVOT_ROOT, ".", ".")
                .call("let the old root go", Sys.UMOUNT2, ".", Flags.of(UmountFlag.MNT_DETACH))
                .call("go to /", Sys.CHDIR, "/");
        MaskedPaths.apply(plan);
    }

    private static void console(PlanBuilder plan, Cell root, Slot pts) {
        Cell console = plan.cell("console mount");
        plan.call("clone the console's pty", Sys.OPEN_TREE, pts, "0", cloneFlags())
                .into(console)
                .call("attach /dev/console", Sys.MOVE_MOUNT, console, "", root, "dev/console", ATTACH)
                .call("close the console's mount", Sys.CLOSE, console);
    }

    private static Flags cloneFlags(AtFlag... more) {
        return Flags.of(OpenTreeFlag.OPEN_TREE_CLONE, OpenTreeFlag.OPEN_TREE_CLOEXEC)
                .with(more);
    }

    private static void mount(PlanBuilder plan, Cell root, Pseudo pseudo) {
        Cell context = plan.cell(pseudo.type + " context");
        Cell mount = plan.cell(pseudo.type + " mount");
        String target = "/" + pseudo.target;
        plan.call("open " + target, Sys.FSOPEN, pseudo.type, Flags.of(FsFlag.FSOPEN_CLOEXEC))
                .into(context)
                .call(
                        "name " + target,
                        Sys.FSCONFIG,
                        context,
                        FsconfigCommand.FSCONFIG_SET_STRING,
                        "source",
                        pseudo.type,
                        0)
                .call("create " + target, Sys.FSCONFIG, context, FsconfigCommand.FSCONFIG_CMD_CREATE, 0, 0, 0)
                .call("mount " + target, Sys.FSMOUNT, context, Flags.of(FsFlag.FSMOUNT_CLOEXEC), pseudo.attributes)
                .into(mount)
                .call("attach " + target, Sys.MOVE_MOUNT, mount, "", root, pseudo.target, ATTACH)
                .call("close " + target + "'s context", Sys.CLOSE, context)
                .call("close " + target + "'s mount", Sys.CLOSE, mount);
    }

    /** Opens the console as the calling session leader's terminal and as its stdin, stdout and stderr. */
    public static void openConsole(PlanBuilder plan, Cell console) {
        plan.call(
                        "open the console",
                        Sys.OPENAT,
                        Fd.AT_FDCWD,
                        "/dev/console",
                        Flags.of(OpenFlag.O_RDWR, OpenFlag.O_NOCTTY, OpenFlag.O_CLOEXEC),
                        0)
                .into(console);
    }
}
