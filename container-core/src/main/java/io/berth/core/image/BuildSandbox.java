// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import static io.berth.core.linux.AtFlag.AT_EMPTY_PATH;
import static io.berth.core.linux.MountFlag.MS_PRIVATE;
import static io.berth.core.linux.MountFlag.MS_REC;
import static io.berth.core.linux.MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.CloseRangeFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountAttributes;
import io.berth.core.linux.MountCalls;
import io.berth.core.linux.OpenTreeFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A script of ours with a tree at /mnt, root in a user namespace of its own and nobody on the host, in its own mount, pid, IPC and
 * UTS namespaces. Its standard input stays open as long as this JVM lives: the script ends when it reads the end.
 */
record BuildSandbox(Spawner spawner, Fd userNamespace) {
    private static final String TARGET = "/mnt";
    private static final List<String> UNSHARE = List.of(
            "/usr/bin/unshare",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "--ipc",
            "--uts",
            "--",
            "/bin/sh",
            "-c");

    /** @throws ImageException.BuildFailed with the last lines that it wrote when it fails */
    void run(String script, List<String> arguments, Fd tree, Consumer<String> progress) {
        PlanBuilder builder = Plan.builder("berth-image-build");
        Slot userns = builder.slot("user namespace");
        Slot target = builder.slot("tree");
        Plan plan = enter(builder, userns, target)
                .exec(UNSHARE.getFirst(), command(script, arguments), environment())
                .build();
        try (Fd mount = idmapped(tree);
                Pipe input = FileCalls.pipe2();
                Pipe output = FileCalls.pipe2();
                Spawner.Running process = spawner.start(
                        plan,
                        Map.of(userns, userNamespace, target, mount),
                        List.of(input.readEnd(), output.writeEnd(), output.writeEnd()))) {
            output.writeEnd().close();
            BuildOutput.Ended ended = BuildOutput.follow(process, output.readEnd(), progress);
            if (!ended.status().isSuccess()) {
                throw new ImageException.BuildFailed(
                        "the build ended with " + ended.status().describe() + ": " + String.join("; ", ended.last()),
                        null);
            }
        }
    }

    private static PlanBuilder enter(PlanBuilder plan, Slot userns, Slot target) {
        return plan.call("chdir", Sys.CHDIR, "/")
                .call("umask", Sys.UMASK, 022)
                .call("enter the user namespace", Sys.SETNS, userns, CloneFlag.CLONE_NEWUSER)
                .call("drop groups", Sys.SETGROUPS, 0, 0)
                .call("become gid 0", Sys.SETRESGID, 0, 0, 0)
                .call("become uid 0", Sys.SETRESUID, 0, 0, 0)
                .call("leave the mount namespace", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_NEWNS))
                .call("make / rprivate", Sys.MOUNT, 0, "/", 0, Flags.of(MS_REC, MS_PRIVATE), 0)
                .call("attach the tree", Sys.MOVE_MOUNT, target, "", -100, TARGET, MOVE_MOUNT_F_EMPTY_PATH)
                // nothing of the agent's for the build; and mmdebstrap's shell lines know only descriptors below 10
                .call("close all but stdio", Sys.CLOSE_RANGE, 3, 0xffff_ffffL, CloseRangeFlag.CLOSE_RANGE_CLOEXEC);
    }

    /** The tree belongs to the build's root, while ids on disk are the image's own. */
    private Fd idmapped(Fd tree) {
        return idmapped(tree, userNamespace);
    }

    /** A mount of a directory where the user namespace's ids are as they are on disk. */
    static Fd idmapped(Fd tree, Fd userNamespace) {
        Fd mount = MountCalls.openTree(tree, "", OpenTreeFlag.OPEN_TREE_CLONE, AT_EMPTY_PATH);
        try {
            MountCalls.mountSetattr(mount, MountAttributes.idmapped(userNamespace));
            return mount;
        } catch (RuntimeException e) {
            mount.close();
            throw e;
        }
    }

    private static List<String> command(String script, List<String> arguments) {
        List<String> command = new ArrayList<>(UNSHARE);
        command.add(script);
        command.add("build");
        command.addAll(arguments);
        return command;
    }

    private static List<String> environment() {
        return List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent", "TMPDIR=/tmp", "LC_ALL=C.UTF-8");
    }
}
