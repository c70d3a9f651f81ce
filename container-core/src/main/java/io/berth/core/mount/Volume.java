// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.MoveMountFlag;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.OpenTreeFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.Sys;
import io.berth.core.linux.UmountFlag;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.spec.MountPath;

/** The steps that bring a volume's detached mount into a container, and take one out again. */
public final class Volume {
    private static final Flags FROM_EMPTY = Flags.of(MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH);
    private static final long OPEN_HOW_LENGTH = 24; // struct open_how, include/uapi/linux/openat2.h

    private Volume() {}

    /**
     * The namespaces of a container's, one by one: by the pidfd of its init, the second would be refused while that has executed nothing
     * (its memory is of the initial user namespace then, which __ptrace_may_access() asks about, kernel/ptrace.c).
     */
    public record Into(Slot user, Slot mount) {
        public static Into slots(PlanBuilder plan) {
            return new Into(plan.slot("user namespace"), plan.slot("mount namespace"));
        }
    }

    /**
     * For a process of the host's root: afterwards it is in the container's user namespace, and in a mount namespace of its own that this
     * owns. What was detached and is moved in has flags that the container's root may change; what a mount namespace inherits from one
     * that another user namespace owns has them locked (lock_mnt_tree(), fs/namespace.c), and a clone of that keeps them.
     *
     * @param staging an empty directory of the host
     * @param into the container's namespaces
     * @return the clone, detached again
     */
    public static Cell lock(PlanBuilder plan, Slot volume, String staging, Into into) {
        Cell locked = plan.cell("locked volume");
        Flags clone = Flags.of(OpenTreeFlag.OPEN_TREE_CLONE, OpenTreeFlag.OPEN_TREE_CLOEXEC);
        plan.call("leave the host's mounts", Sys.UNSHARE, CloneFlag.CLONE_NEWNS)
                .call(
                        "cut mount propagation",
                        Sys.MOUNT,
                        0,
                        "/",
                        0,
                        Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE),
                        0)
                .call("stage the volume", Sys.MOVE_MOUNT, volume, "", Fd.AT_FDCWD, staging, FROM_EMPTY)
                .call("enter the volume", Sys.FCHDIR, volume) // so that "." is its copy after the next unshare
                .call("enter the user namespace", Sys.SETNS, into.user, CloneFlag.CLONE_NEWUSER)
                .call("lock the mounts", Sys.UNSHARE, CloneFlag.CLONE_NEWNS)
                .call("clone the volume", Sys.OPEN_TREE, Fd.AT_FDCWD, ".", clone)
                .into(locked)
                .call("let go of the stage", Sys.CLOSE, volume)
                .call("enter the container", Sys.SETNS, into.mount, CloneFlag.CLONE_NEWNS);
        return locked;
    }

    /**
     * For a process in the container, as its root: makes what is missing of the path, and attaches. A link anywhere on it is refused, so
     * that no magic one leads to what this process has open.
     */
    public static void attach(PlanBuilder plan, Cell volume, MountPath path) {
        Cell directory = plan.cell("directory");
        plan.call("open /", Sys.OPENAT, Fd.AT_FDCWD, "/", Flags.of(OpenFlag.O_PATH, OpenFlag.O_DIRECTORY), 0)
                .into(directory);
        Data how = plan.longs(
                "{O_PATH|O_DIRECTORY, beneath, no links}",
                Flags.of(OpenFlag.O_PATH, OpenFlag.O_DIRECTORY, OpenFlag.O_NOFOLLOW, OpenFlag.O_CLOEXEC),
                0,
                Flags.of(
                        ResolveFlag.RESOLVE_BENEATH,
                        ResolveFlag.RESOLVE_NO_SYMLINKS,
                        ResolveFlag.RESOLVE_NO_MAGICLINKS));
        for (String name : path.names()) {
            Cell next = plan.cell(name);
            plan.call("make '" + name + "' of " + path, Sys.MKDIRAT, directory, name, 0755)
                    .tolerate(Errno.EEXIST)
                    .call("enter '" + name + "' of " + path, Sys.OPENAT2, directory, name, how, OPEN_HOW_LENGTH)
                    .into(next)
                    .call("close what is above '" + name + "'", Sys.CLOSE, directory)
                    .set(directory, next);
        }
        plan.call(
                "attach the volume at " + path,
                Sys.MOVE_MOUNT,
                volume,
                "",
                directory,
                "",
                FROM_EMPTY.with(MoveMountFlag.MOVE_MOUNT_T_EMPTY_PATH));
    }

    /**
     * For a process in the container, as its root: what has files open there keeps them.
     *
     * @param point as the container's root has it by now; it can only be a mount of the container's own
     */
    public static void detach(PlanBuilder plan, String point) {
        plan.call(
                        "detach the volume at " + point,
                        Sys.UMOUNT2,
                        point,
                        Flags.of(UmountFlag.MNT_DETACH, UmountFlag.UMOUNT_NOFOLLOW))
                .ignoreErrors(); // what is left shows in mountinfo
    }
}
