// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountAttr;
import io.berth.core.linux.MountAttributes;
import io.berth.core.linux.MountCalls;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.OpenTreeFlag;
import io.berth.core.linux.SyscallException;

/** A directory of the pool as a detached mount that shows ids through a user namespace; see mount_setattr(2). */
final class IdmappedMount {
    private static final Flags POOL_ONLY = Flags.of(MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NODEV);

    private IdmappedMount() {}

    /** For a container: without the pool's nosuid and nodev, which protect the host and would break sudo within. */
    static Fd ofRootfs(Fd directory, String name, Fd userNamespace) {
        return of(
                directory,
                name,
                new MountAttributes(Flags.NONE, POOL_ONLY, MountFlag.MS_PRIVATE, null).idmap(userNamespace));
    }

    /** For an overlay's layers, which are never reached but through the overlay. */
    static Fd ofLayer(Fd directory, String name, Fd userNamespace) {
        return of(
                directory,
                name,
                new MountAttributes(Flags.NONE, Flags.NONE, MountFlag.MS_PRIVATE, null).idmap(userNamespace));
    }

    /** For containers of one tenant's: their roots are as strange to each other as to the host. */
    static Fd ofVolume(Fd directory, String name, Fd userNamespace, boolean readOnly) {
        Flags flags = readOnly ? POOL_ONLY.with(MountAttr.MOUNT_ATTR_RDONLY) : POOL_ONLY;
        return of(
                directory,
                name,
                new MountAttributes(flags, Flags.NONE, MountFlag.MS_PRIVATE, null).idmap(userNamespace));
    }

    private static Fd of(Fd directory, String name, MountAttributes attributes) {
        Fd mount = MountCalls.openTree(directory, name, OpenTreeFlag.OPEN_TREE_CLONE, AtFlag.AT_SYMLINK_NOFOLLOW);
        try {
            MountCalls.mountSetattr(mount, attributes);
            return mount;
        } catch (SyscallException e) {
            mount.close();
            throw e.errno() == Errno.EINVAL || e.errno() == Errno.EOPNOTSUPP ? refused(e) : e;
        } catch (RuntimeException e) {
            mount.close();
            throw e;
        }
    }

    private static StorageException refused(SyscallException cause) {
        return new StorageException.MissingFeature(
                "the kernel refuses idmapped mounts (MOUNT_ATTR_IDMAP) on the pool's filesystem",
                "put BERTH_STATE_DIR on ext4, xfs or btrfs, or set BERTH_STORAGE=btrfs",
                cause);
    }
}
