// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import static io.berth.core.linux.FileSystemUser.asFileSystemUser;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.FilesystemMagic;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.TreeCalls;
import io.berth.core.spec.Device;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Device nodes that come into and go from the /dev of a container that runs, which its root may have changed at will. Each name is
 * opened by itself, through no link and into no other mount, and what is at the end is looked at before it is touched. A tenant's FUSE
 * can't hold that up: the kernel lets nobody outside of its user namespace ask it anything (fuse_allow_current_process, fs/fuse/dir.c).
 */
public final class HotPlug {
    private static final Flags DIRECTORY = Flags.of(OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);

    /** Whatever is there instead, the node is not in it. */
    private static final Set<Errno> NO_DIRECTORY = EnumSet.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EXDEV);

    private final Fd dev;
    private final int root;

    /**
     * @param dev of the container, see {@link #open}
     * @param root the container's, as the host counts
     */
    public HotPlug(Fd dev, int root) {
        this.dev = dev;
        this.root = root;
    }

    /** @param container its / */
    public static Fd open(Fd container) {
        Fd dev = FileCalls.openat2(
                container,
                "dev",
                0,
                DIRECTORY,
                ResolveFlag.RESOLVE_IN_ROOT,
                ResolveFlag.RESOLVE_NO_SYMLINKS,
                ResolveFlag.RESOLVE_NO_MAGICLINKS);
        if (FileCalls.fstatfs(dev).is(FilesystemMagic.TMPFS_MAGIC)) {
            return dev;
        }
        dev.close();
        throw new SyscallException(
                "open /dev of the container", Errno.ENODEV, "its root has mounted something over it; restart it");
    }

    /** Makes what the host has of it; nodes that are there already are as good. */
    public void plug(Device device) {
        DeviceNode.present(device).forEach(this::plug);
    }

    private void plug(DeviceNode node) {
        asFileSystemUser(root, () -> {
            try (Fd parent = parent(node, true).orElseThrow()) {
                make(parent, node);
            }
            return node;
        });
    }

    private static void make(Fd parent, DeviceNode node) {
        try {
            FileCalls.mknodat(parent, node.name(), FileType.S_IFCHR, DeviceNode.MODE, node.major(), node.minor());
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
        // mknod's mode went through the umask; by descriptor, as the name may be a link to anywhere by now
        try (Fd made = open(parent, node)) {
            if (!is(FileCalls.fstat(made), node)) {
                throw new SyscallException(
                        "mknod " + node.path(), Errno.EEXIST, "something else is there in the container; remove it");
            }
            TreeCalls.setMode(made, DeviceNode.MODE);
        }
    }

    /** Removes it. What has it open keeps it open, and a copy that the container's root hid stays until its next start. */
    public void unplug(Device device) {
        DeviceNode.possible(device).forEach(this::unplug); // the host may have less of it by now
    }

    private void unplug(DeviceNode node) {
        asFileSystemUser(root, () -> {
            Optional<Fd> parent = parent(node, false);
            if (parent.isPresent()) {
                try (Fd directory = parent.get()) {
                    remove(directory, node);
                }
            }
            return node;
        });
    }

    private static void remove(Fd parent, DeviceNode node) {
        try {
            if (is(FileCalls.statx(parent, node.name(), AtFlag.AT_SYMLINK_NOFOLLOW), node)) {
                FileCalls.unlinkat(parent, node.name());
            }
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    private static boolean is(FileStatus status, DeviceNode node) {
        return status.is(FileType.S_IFCHR) && status.rdev().equals(node.number());
    }

    private static Fd open(Fd parent, DeviceNode node) {
        return FileCalls.openat2(
                parent,
                node.name(),
                0,
                Flags.of(OpenFlag.O_PATH, OpenFlag.O_NOFOLLOW),
                ResolveFlag.RESOLVE_BENEATH,
                ResolveFlag.RESOLVE_NO_SYMLINKS,
                ResolveFlag.RESOLVE_NO_XDEV);
    }

    private Optional<Fd> parent(DeviceNode node, boolean make) {
        String directory = node.directory();
        if (directory == null) {
            return Optional.of(dev.dup());
        }
        try {
            if (make) {
                makeDirectory(directory);
            }
            return Optional.of(FileCalls.openat2(
                    dev,
                    directory,
                    0,
                    DIRECTORY,
                    ResolveFlag.RESOLVE_BENEATH,
                    ResolveFlag.RESOLVE_NO_SYMLINKS,
                    ResolveFlag.RESOLVE_NO_XDEV));
        } catch (SyscallException e) {
            if (!make && NO_DIRECTORY.contains(e.errno())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void makeDirectory(String directory) {
        try {
            FileCalls.mkdirat(dev, directory, 0755);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }
}
