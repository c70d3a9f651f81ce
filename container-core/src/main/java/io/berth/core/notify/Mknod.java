// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.capability.Capability;
import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileStatus.Device;
import io.berth.core.linux.FileType;
import io.berth.core.linux.FilesystemMagic;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.SyscallException;
import java.util.Set;

/**
 * mknod(2) and mknodat(2) of devices that reach nothing but the kernel's own stream of nothing, noise, or the caller's own terminal.
 * The kernel makes them for whoever has CAP_MKNOD on the host, so the node is made by a thread that has this one capability and
 * is the caller otherwise.
 */
final class Mknod {
    private static final int S_IFMT = 0170000;
    private static final int PERMISSIONS = 07777;

    /**
     * LXD's list (lxd/seccomp), less 5:1: that is the host's own console for whoever opens it, and a container's is a pty that is there
     * from the start.
     */
    private static final Set<Device> HARMLESS = Set.of(
            new Device(1, 3), // null
            new Device(1, 5), // zero
            new Device(1, 7), // full
            new Device(1, 8), // random
            new Device(1, 9), // urandom
            new Device(5, 0)); // tty, the opener's own

    /** Filesystems that no user namespace can mount, so a node on them works. */
    private static final Set<FilesystemMagic> HOSTS_OWN = Set.of(
            FilesystemMagic.BTRFS_SUPER_MAGIC, FilesystemMagic.EXT4_SUPER_MAGIC, FilesystemMagic.XFS_SUPER_MAGIC);

    private final Call call;
    private final int dirfd;
    private final long path;
    private final int mode;
    private final Device device;

    private Mknod(Call call, int dirfd, int first) {
        this.call = call;
        this.dirfd = dirfd;
        this.path = call.notification().arguments()[first];
        this.mode = call.notification().argument(first + 1);
        this.device = device(call.notification().argument(first + 2));
    }

    static Mknod mknod(Call call) {
        return new Mknod(call, CallerTask.AT_FDCWD, 0);
    }

    static Mknod mknodat(Call call) {
        return new Mknod(call, call.notification().argument(0), 1);
    }

    /** As user space passes it: new_decode_dev, include/linux/kdev_t.h. */
    private static Device device(int encoded) {
        return new Device((encoded & 0xfff00) >>> 8, (encoded & 0xff) | ((encoded >>> 12) & 0xfff00));
    }

    Response respond() {
        if ((mode & S_IFMT) != FileType.S_IFCHR.value() || !HARMLESS.contains(device)) {
            return new Response.Denied(
                    "a device node is a way to the host's hardware; harmless are null, zero, full, random, urandom and tty");
        }
        CallerTask caller = call.openCaller();
        CallerTask.Status status = caller.status();
        // as root of the container's own user namespace: what a namespace within calls a capability is none here
        if (!status.has(Capability.CAP_MKNOD.number()) || !call.isOfContainer(caller)) {
            return Response.EPERM;
        }
        return make(caller, status, TenantPath.of(caller.path(path)));
    }

    private Response make(CallerTask caller, CallerTask.Status status, TenantPath target) {
        try (CallerTask.Origin origin = caller.origin(target.absolute(), dirfd);
                Disguise disguise = Disguise.as(status)) {
            Overriding overriding = new Overriding(status, disguise, call.uidBase());
            try (Fd parent = overriding.lookUp(() -> target.openParent(origin))) {
                FileStatus directory = FileCalls.fstat(parent);
                overriding.changeIn(directory, Capability.CAP_MKNOD);
                return make(parent, target.leaf());
            }
        }
    }

    private Response make(Fd parent, String leaf) {
        try {
            FileCalls.mknodat(parent, leaf, FileType.S_IFCHR, mode & PERMISSIONS, device.major(), device.minor());
        } catch (SyscallException e) {
            if (e.errno() == Errno.EEXIST && call.isRepeated() && isMade(parent, leaf)) {
                return Response.DONE; // by the agent that was killed before it could answer
            }
            throw e;
        }
        if (isDead(parent, leaf)) {
            FileCalls.unlinkat(parent, leaf);
            return Response.EPERM;
        }
        return Response.DONE;
    }

    private boolean isMade(Fd parent, String leaf) {
        FileStatus there = FileCalls.statx(parent, leaf, AtFlag.AT_SYMLINK_NOFOLLOW);
        return there.is(FileType.S_IFCHR) && there.rdev().equals(device);
    }

    /**
     * Whether the node can't be opened, as on a tmpfs that a user namespace has mounted. The kernel's EPERM is better then: systemd
     * and others that get it mount the device instead. Opened with the caller's rights only, and not through a link.
     */
    private boolean isDead(Fd parent, String leaf) {
        if (FileCalls.fstatfs(parent).isAnyOf(HOSTS_OWN) || (mode & 0600) == 0) {
            return false;
        }
        OpenFlag access = (mode & 0400) != 0 ? OpenFlag.O_RDONLY : OpenFlag.O_WRONLY;
        Flags how = Flags.of(access, OpenFlag.O_NONBLOCK, OpenFlag.O_NOCTTY, OpenFlag.O_NOFOLLOW);
        try (Fd _ =
                FileCalls.openat2(parent, leaf, 0, how, ResolveFlag.RESOLVE_BENEATH, ResolveFlag.RESOLVE_NO_SYMLINKS)) {
            return false;
        } catch (SyscallException e) {
            return e.errno() == Errno.EACCES;
        }
    }
}
