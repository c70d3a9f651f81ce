// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileType;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountAttr;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.MoveMountFlag;
import io.berth.core.linux.Sys;
import io.berth.core.linux.UmountFlag;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The root directory of a worker: programs, a Java runtime and our classes, read-only; four device nodes; and the trees that it works on. Made as the
 * host's root, because a checkout may lie where nobody else gets, before the user namespace is entered.
 */
final class WorkerRoot {
    private static final String STAGE = "/run"; // any directory that every host has: the new root is stacked over it
    /** For temporary files; not /tmp, where a checkout may lie. */
    static final String RAM = "ram";

    private static final int MOUNT_ATTR_BYTES = 32; // struct mount_attr, include/uapi/linux/mount.h
    private static final List<String> LINKS = List.of("bin", "sbin", "lib", "lib64"); // a merged /usr has them so
    private static final List<String> DEVICES = List.of("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom");
    /** Libraries' cache and alternatives, Java's settings where a distribution keeps them, names of hosts, certificates. */
    private static final List<String> SYSTEM = List.of("/usr", "/etc");

    private final PlanBuilder plan;
    private final Set<String> made = new TreeSet<>();

    private WorkerRoot(PlanBuilder plan) {
        this.plan = plan;
    }

    /** @param trees where each of these mounts goes, one name below / each */
    static void emit(PlanBuilder plan, Map<String, Slot> trees) {
        new WorkerRoot(plan).emit(trees);
    }

    private void emit(Map<String, Slot> trees) {
        plan.call("cut mount propagation", Sys.MOUNT, 0, "/", 0, Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE), 0)
                .call("mount a root", Sys.MOUNT, "worker", STAGE, "tmpfs", noSuid(), "size=1m,mode=755")
                .call("enter it", Sys.CHDIR, STAGE);
        List.of("proc", RAM).forEach(this::directory);
        trees.keySet().forEach(this::directory);
        LINKS.forEach(name -> plan.call("link /" + name, Sys.SYMLINKAT, "usr/" + name, Fd.AT_FDCWD, name));
        shown().forEach(this::bind);
        DEVICES.forEach(device -> file(device.substring(1)));
        plan.call(
                "make it read-only",
                Sys.MOUNT_SETATTR,
                Fd.AT_FDCWD,
                ".",
                AtFlag.AT_RECURSIVE,
                plan.longs(
                        "{set RDONLY|NOSUID|NODEV}",
                        Flags.of(MountAttr.MOUNT_ATTR_RDONLY, MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NODEV),
                        0,
                        0,
                        0),
                MOUNT_ATTR_BYTES);
        open(trees);
        plan.call("change the root", Sys.PIVOT_ROOT, ".", ".")
                .call("let the host's mounts go", Sys.UMOUNT2, ".", Flags.of(UmountFlag.MNT_DETACH))
                .call("go to /", Sys.CHDIR, "/");
    }

    /** After everything has been made read-only: devices that work, and what is written to. */
    private void open(Map<String, Slot> trees) {
        DEVICES.forEach(device -> show(device));
        plan.call("mount /" + RAM, Sys.MOUNT, "worker", RAM, "tmpfs", noSuid(), "size=256m,mode=1777");
        // uncovered, or the kernel lets nobody mount the one of the worker's own pid namespace over it:
        // mount_too_revealing, fs/namespace.c
        show("/proc");
        trees.forEach((name, slot) -> plan.call(
                "attach /" + name, Sys.MOVE_MOUNT, slot, "", Fd.AT_FDCWD, name, MoveMountFlag.MOVE_MOUNT_F_EMPTY_PATH));
    }

    private static Flags noSuid() {
        return Flags.of(MountFlag.MS_NOSUID, MountFlag.MS_NODEV);
    }

    private static List<Path> shown() {
        List<Path> paths = new ArrayList<>();
        SYSTEM.forEach(path -> paths.add(Path.of(path)));
        Path java = Path.of(System.getProperty("java.home")).toAbsolutePath();
        if (!java.startsWith("/usr")) {
            paths.add(java);
        }
        ClassPath.entries().stream().filter(path -> !path.startsWith("/usr")).forEach(paths::add);
        return paths;
    }

    private void bind(Path path) {
        String inside = path.toString().substring(1);
        if (Files.isDirectory(path)) {
            directory(inside);
        } else {
            file(inside);
        }
        show(path.toString());
    }

    private void show(String path) {
        plan.call("show " + path, Sys.MOUNT, path, path.substring(1), 0, Flags.of(MountFlag.MS_BIND), 0);
    }

    private void directory(String path) {
        int parent = path.lastIndexOf('/');
        if (parent > 0) {
            directory(path.substring(0, parent));
        }
        if (made.add(path)) {
            plan.call("make /" + path, Sys.MKDIRAT, Fd.AT_FDCWD, path, 0755);
        }
    }

    private void file(String path) {
        directory(path.substring(0, path.lastIndexOf('/')));
        plan.call("make /" + path, Sys.MKNODAT, Fd.AT_FDCWD, path, FileType.S_IFREG.value() | 0444, 0);
    }
}
