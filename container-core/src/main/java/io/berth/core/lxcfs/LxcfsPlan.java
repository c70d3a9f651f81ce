// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lxcfs;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.CloseRangeFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountAttr;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.Sys;
import io.berth.core.linux.UmountFlag;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The steps by which lxcfs(1) begins: locked into a root that has the programs, /proc and /sys of the host and all of it read-only, and
 * without network. It answers reads of tenants and has to be the host's root, to look at their processes and into their pid namespaces; what
 * it does not need is taken away. Other mounts of the host are let go of, or it would keep disks busy that were unmounted.
 *
 * @param fuse the connection to the kernel
 */
record LxcfsPlan(Plan plan, Slot fuse) {
    /**
     * CAP_SYS_CHROOT and CAP_SYS_ADMIN for setns(2), CAP_SYS_PTRACE for other uids' /proc/PID/ns, CAP_DAC_READ_SEARCH for their
     * /proc/PID/personality; include/uapi/linux/capability.h.
     */
    private static final Set<Integer> KEPT = Set.of(2, 18, 19, 21);

    private static final int CAPABILITIES =
            41; // CAP_LAST_CAP is 40 since Linux 5.9; dropping what is not there is EINVAL
    private static final int MOUNT_ATTR_BYTES = 32; // struct mount_attr, include/uapi/linux/mount.h
    private static final String ROOT = "/run"; // any directory that every host has: the new root is stacked over it
    private static final List<String> DIRECTORIES = List.of("usr", "proc", "sys", "run");
    private static final List<String> BOUND = List.of("usr", "proc", "sys");
    private static final List<String> LINKS = List.of("bin", "lib", "lib64"); // a merged /usr has them so

    /**
     * @param program below /usr
     * @param name what it is called in its command line
     * @param begin emits what every process of the agent's that stays does first
     */
    static LxcfsPlan compose(String program, String name, Consumer<PlanBuilder> begin) {
        PlanBuilder plan = Plan.builder("berth-lxcfs");
        Slot fuse = plan.slot("fuse");
        begin.accept(plan);
        plan.call(
                "namespaces of its own",
                Sys.UNSHARE,
                Flags.of(
                        CloneFlag.CLONE_NEWNS, CloneFlag.CLONE_NEWNET, CloneFlag.CLONE_NEWIPC, CloneFlag.CLONE_NEWUTS));
        root(plan);
        for (int capability = 0; capability < CAPABILITIES; capability++) {
            if (!KEPT.contains(capability)) {
                plan.call("drop capability", Sys.PRCTL, Prctl.PR_CAPBSET_DROP, capability, 0, 0, 0)
                        .tolerate(Errno.EINVAL);
            }
        }
        plan.call("never gain privilege", Sys.PRCTL, Prctl.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
                .call(
                        "keep plan and report from it",
                        Sys.CLOSE_RANGE,
                        Plan.PLAN,
                        Plan.REPORT,
                        CloseRangeFlag.CLOSE_RANGE_CLOEXEC)
                .exec(program, arguments(name, fuse), List.of());
        return new LxcfsPlan(plan.build(), fuse);
    }

    private static List<String> arguments(String name, Slot fuse) {
        return List.of(
                name,
                "--foreground",
                "--enable-loadavg",
                "--enable-cfs", // processors by the quota
                "--enable-pidfd", // a reused pid is never taken for a container's init
                "/dev/fd/" + fuse.number()); // libfuse: already mounted; since 3.3
    }

    private static void root(PlanBuilder plan) {
        Flags flags = Flags.of(MountFlag.MS_NOSUID, MountFlag.MS_NODEV);
        plan.call("cut mount propagation", Sys.MOUNT, 0, "/", 0, Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE), 0)
                .call("mount a root", Sys.MOUNT, "lxcfs", ROOT, "tmpfs", flags, "size=1m,mode=755")
                .call("enter it", Sys.CHDIR, ROOT);
        DIRECTORIES.forEach(name -> plan.call("make /" + name, Sys.MKDIRAT, Fd.AT_FDCWD, name, 0755));
        LINKS.forEach(name -> plan.call("link /" + name, Sys.SYMLINKAT, "usr/" + name, Fd.AT_FDCWD, name));
        BOUND.forEach(name -> bind(plan, name));
        plan.call("change the root", Sys.PIVOT_ROOT, ".", ".")
                .call("let the host's mounts go", Sys.UMOUNT2, ".", Flags.of(UmountFlag.MNT_DETACH))
                .call("go to /", Sys.CHDIR, "/");
    }

    private static void bind(PlanBuilder plan, String name) {
        Data readOnly = plan.longs(
                "{set RDONLY|NOSUID|NODEV}",
                Flags.of(MountAttr.MOUNT_ATTR_RDONLY, MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NODEV),
                0,
                0,
                0);
        plan.call("show /" + name, Sys.MOUNT, "/" + name, name, 0, Flags.of(MountFlag.MS_BIND, MountFlag.MS_REC), 0)
                .call(
                        "make /" + name + " read-only",
                        Sys.MOUNT_SETATTR,
                        Fd.AT_FDCWD,
                        name,
                        AtFlag.AT_RECURSIVE,
                        readOnly,
                        MOUNT_ATTR_BYTES);
    }
}
