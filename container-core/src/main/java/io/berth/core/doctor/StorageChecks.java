// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import static io.berth.core.linux.Fd.AT_FDCWD;

import io.berth.core.agent.AgentSettings;
import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FilesystemContext;
import io.berth.core.linux.FilesystemMagic;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountAttr;
import io.berth.core.linux.MountAttributes;
import io.berth.core.linux.MountCalls;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.OpenTreeFlag;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.runtime.RuntimeSettings.StorageDriver;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Mounts on the pool's own file system; nothing stays behind. */
final class StorageChecks {
    private static final long LEAST_FREE_BYTES = 4L << 30; // two images and some containers
    private static final String NEWER = "boot a kernel from 6.13 on";

    private final AgentSettings settings;
    private final Path place;

    StorageChecks(AgentSettings settings) {
        this.settings = settings;
        this.place = nearest(settings.stateDir());
    }

    static Path nearest(Path path) {
        Path existing = path;
        while (!Files.isDirectory(existing)) {
            existing = existing.getParent() == null ? Path.of("/") : existing.getParent();
        }
        return existing;
    }

    List<Finding> all() {
        return List.of(
                Finding.tried("fsopen, move_mount, mount_setattr", NEWER, () -> OwnThread.run(this::newMounts)),
                Finding.tried(
                        "idmapped mount on " + place,
                        "put BERTH_STATE_DIR on ext4, btrfs or xfs",
                        () -> inDirectory(this::idmapped)),
                Finding.tried(
                        "overlay with layers by descriptor",
                        "boot a kernel from 6.13 on with overlayfs (modprobe overlay)",
                        () -> inDirectory(this::overlay)),
                btrfs(),
                disk());
    }

    private String inDirectory(Trial trial) throws Exception {
        Path directory = Files.createTempDirectory(place, ".berth-doctor");
        try {
            return trial.in(directory);
        } finally {
            removeTree(directory);
        }
    }

    private interface Trial {
        String in(Path directory) throws Exception;
    }

    private static void removeTree(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** In a mount namespace of its own, so that nobody sees it. */
    private String newMounts() throws IOException {
        ProcessCalls.unshare(CloneFlag.CLONE_NEWNS);
        MountCalls.mount(null, "/", null, Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE), null);
        try (var context = FilesystemContext.fsopen("tmpfs");
                Fd mount = context.fsmount(MountAttr.MOUNT_ATTR_NOSUID)) {
            MountCalls.mountSetattr(mount, MountAttributes.setting(MountAttr.MOUNT_ATTR_RDONLY));
            MountCalls.moveMount(mount, AT_FDCWD, place.toString());
        }
        try (Fd attached = FileCalls.openat(place.toString(), OpenFlag.O_PATH, OpenFlag.O_DIRECTORY)) {
            if (!FileCalls.fstatfs(attached).is(FilesystemMagic.TMPFS_MAGIC)) {
                throw new IOException("the new mount is not where it was attached");
            }
            return requireReadOnly(attached);
        }
    }

    private static String requireReadOnly(Fd mount) throws IOException {
        try {
            FileCalls.mkdirat(mount, "trial", 0700);
        } catch (SyscallException e) {
            if (e.errno() == Errno.EROFS) {
                return "a read-only tmpfs was attached in a mount namespace of its own";
            }
            throw e;
        }
        throw new IOException("MOUNT_ATTR_RDONLY did not make the mount read-only");
    }

    private String idmapped(Path directory) throws Exception {
        return withUserNamespace(userns -> {
            try (Fd mount = MountCalls.openTree(AT_FDCWD, directory.toString(), OpenTreeFlag.OPEN_TREE_CLONE)) {
                MountCalls.mountSetattr(mount, MountAttributes.idmapped(userns));
                return "works on " + Files.getFileStore(directory).type();
            }
        });
    }

    private interface WithFd {
        String use(Fd fd) throws IOException;
    }

    /** The namespace of a child that lives as long as its stdin is open. */
    private String withUserNamespace(WithFd action) throws IOException {
        Process child = new ProcessBuilder("unshare", "--user", "sh", "-c", "echo ready; exec cat").start();
        try (BufferedReader said = child.inputReader()) {
            if (!"ready".equals(said.readLine())) {
                throw new IOException("unshare --user failed");
            }
            String map = "0 " + settings.uidBase() + " 65536\n";
            FileCalls.writeFile(AT_FDCWD, "/proc/" + child.pid() + "/uid_map", map);
            FileCalls.writeFile(AT_FDCWD, "/proc/" + child.pid() + "/gid_map", map);
            try (Fd userns = FileCalls.openat("/proc/" + child.pid() + "/ns/user")) {
                return action.use(userns);
            }
        } finally {
            child.destroyForcibly();
        }
    }

    private String overlay(Path directory) throws IOException {
        try (Fd lower = layer(directory, "lower");
                Fd upper = layer(directory, "upper");
                Fd work = layer(directory, "work");
                var context = FilesystemContext.fsopen("overlay")) {
            context.set("lowerdir+", lower).set("upperdir", upper).set("workdir", work);
            try (Fd mount = context.fsmount();
                    Fd file = FileCalls.openat(mount, "file", 0600, OpenFlag.O_CREAT, OpenFlag.O_WRONLY)) {
                FileCalls.writeAll(file, new byte[] {'x'});
            }
            if (!Files.exists(directory.resolve("upper/file"))) {
                throw new IOException("what was written did not reach the upper layer");
            }
            return "a file was written through to the upper layer";
        }
    }

    private static Fd layer(Path directory, String name) throws IOException {
        Path path = Files.createDirectory(directory.resolve(name));
        return FileCalls.openat(path.toString(), OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
    }

    private Finding btrfs() {
        Callable<String> attempt = () -> {
            FilesystemContext.fsopen("btrfs").close();
            FileCalls.openat("/dev/loop-control", OpenFlag.O_RDWR).close();
            return "the kernel has btrfs and loop devices";
        };
        Finding tried =
                Finding.tried("btrfs in a loop file", "modprobe btrfs loop; or set BERTH_STORAGE=overlay", attempt);
        return settings.storage() == StorageDriver.BTRFS || tried.state() == Finding.State.OK
                ? tried
                : Finding.note(tried.check(), tried.found() + "; not needed with BERTH_STORAGE=overlay");
    }

    private Finding disk() {
        return Finding.tried("disk space", "free some, or set BERTH_STATE_DIR to a larger file system", () -> {
            long free = Files.getFileStore(place).getUsableSpace();
            String text = (free >> 20) + " MiB free at " + place;
            if (free < LEAST_FREE_BYTES) {
                throw new IOException(text + ", at least " + (LEAST_FREE_BYTES >> 20) + " MiB are needed");
            }
            return text;
        });
    }
}
