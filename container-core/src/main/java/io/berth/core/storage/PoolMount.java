// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountAttr;
import io.berth.core.linux.MountAttributes;
import io.berth.core.linux.MountCalls;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.OpenTreeFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.UmountFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The pool directory as a mount of its own with nosuid and nodev, below 0700: ids on disk are unshifted, so a setuid-root file that a
 * tenant makes is a real one on the host (CVE-2025-64507's class).
 */
abstract class PoolMount {
    private final Path pool;

    PoolMount(Path pool) {
        this.pool = pool.toAbsolutePath().normalize();
    }

    final Path pool() {
        return pool;
    }

    /** Mounts, or picks up the mount of an agent that died. */
    final void attach() {
        try {
            makeDirectory();
            MountTable.Entry present = MountTable.at(pool).orElse(null);
            if (present != null && present.isHardened()) {
                if (fits(present)) {
                    return;
                }
                detach(); // another driver's
            }
            mount();
        } catch (IOException e) {
            throw new UncheckedIOException("preparing the pool " + pool, e);
        }
    }

    /** Unmounts what {@link #attach} has mounted, if it is mounted. */
    final void detach() {
        if (MountTable.at(pool).filter(MountTable.Entry::isHardened).isEmpty()) {
            return;
        }
        try {
            MountCalls.umount2(pool.toString(), UmountFlag.UMOUNT_NOFOLLOW);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EBUSY) {
                throw e;
            }
            // somebody stands in it, such as an operator's shell: it goes when they do
            MountCalls.umount2(pool.toString(), UmountFlag.UMOUNT_NOFOLLOW, UmountFlag.MNT_DETACH);
        }
    }

    abstract boolean fits(MountTable.Entry present);

    abstract void mount() throws IOException;

    /** What gives the pool more room, as the end of a sentence. */
    abstract String cureWhenFull();

    /** Mounts the directory over itself. */
    final void bind() {
        // the flags come before the mount does: there is no moment without them
        try (Fd self = MountCalls.openTree(Fd.AT_FDCWD, pool.toString(), OpenTreeFlag.OPEN_TREE_CLONE)) {
            Flags hardened = Flags.of(MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NODEV);
            MountCalls.mountSetattr(self, new MountAttributes(hardened, Flags.NONE, MountFlag.MS_PRIVATE, null));
            MountCalls.moveMount(self, Fd.AT_FDCWD, pool.toString());
        }
    }

    private void makeDirectory() throws IOException {
        if (Files.notExists(pool)) {
            Files.createDirectories(
                    pool, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.setPosixFilePermissions(pool, PosixFilePermissions.fromString("rwx------"));
    }
}
