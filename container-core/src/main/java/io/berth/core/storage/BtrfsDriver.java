// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ImageId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subvolume for each tree; a container's is a snapshot of its image's, shown through an idmapped bind mount. */
final class BtrfsDriver extends StorageDriver {
    private static final Logger LOG = LoggerFactory.getLogger(BtrfsDriver.class);

    private final BtrfsPoolMount btrfs;
    private volatile @Nullable Spares spares;
    private volatile @Nullable SimpleQuota quota;

    BtrfsDriver(Path pool, @Nullable Long poolBytes, @Nullable String context) {
        this(new BtrfsPoolMount(pool, poolBytes, context));
    }

    private BtrfsDriver(BtrfsPoolMount mount) {
        super(mount);
        this.btrfs = mount;
    }

    @Override
    void opened(PoolDirectories pool, Trash trash) {
        quota = SimpleQuota.of(pool.root(), btrfs.isOurs()).orElse(null);
        spares = new Spares(pool, (tree, directory, name) -> Btrfs.snapshot(tree, directory, name, false), trash);
    }

    @Override
    void closing() {
        Spares present = spares;
        if (present != null) {
            present.close();
            spares = null;
        }
    }

    @Override
    void imageDeleted(ImageId id) {
        Spares present = spares;
        if (present != null) {
            present.forget(id);
        }
    }

    @Override
    void makeRootfs(ContainerId id, ImageId image) {
        Spares present = spares;
        String name = PoolDirectories.name(id);
        try (Fd tree = openImage(image)) {
            if (present == null || !present.take(image, directories().containers(), name)) {
                Btrfs.snapshot(tree, directories().containers(), name, false);
            }
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    /** Not by way of the trash: a read-only subvolume can't be renamed, and one of a container at its limit can't be made writable. */
    @Override
    void dropSnapshot(String name) {
        destroyInPlace(directories().snapshots(), name);
    }

    /** Whoever owns a subvolume can make it read-only, by an ioctl that is refused inside since a later version of Berth. */
    @Override
    void discard(Fd directory, String name) {
        try {
            super.discard(directory, name);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EROFS) {
                throw e;
            }
            makeWritable(directory, name);
            destroyInPlace(directory, name);
        }
    }

    /** Subvolumes within can't be taken out of it else; where the disk's limit forbids it, there is hardly room for any. */
    private static void makeWritable(Fd directory, String name) {
        try (Fd tree = PoolDirectories.directory(directory, name)) {
            Btrfs.setReadOnly(tree, false);
        } catch (SyscallException e) {
            LOG.debug("event=tree-stays-read-only name={} error={}, trying to destroy it so", name, e.getMessage());
        }
    }

    private void destroyInPlace(Fd directory, String name) {
        try (Fd tree = PoolDirectories.directory(directory, name)) {
            Btrfs.destroy(directory, Btrfs.idOf(tree));
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
        trash().emptied();
    }

    @Override
    void count(Owner owner, Fd tree) {
        SimpleQuota counting = quota;
        if (counting != null) {
            counting.count(owner.id(), tree);
        }
    }

    @Override
    void setLimit(Owner owner, long bytes) {
        SimpleQuota counting = quota;
        if (counting != null) {
            counting.limit(owner.id(), bytes);
        }
    }

    @Override
    DiskUsage usage(Owner owner) {
        SimpleQuota counting = quota;
        OptionalLong used = counting == null ? OptionalLong.empty() : counting.used(owner.id());
        return used.isPresent() ? new DiskUsage(used.getAsLong(), null, true) : DiskUsage.UNKNOWN;
    }

    @Override
    OptionalLong heldTo(Owner owner) {
        SimpleQuota counting = quota;
        return counting == null ? OptionalLong.empty() : counting.heldTo(owner.id());
    }

    /** Its files and what is on its way to them: the ioctl writes that out first. */
    @Override
    void makeSnapshot(ContainerId id, String name) {
        try (Fd tree = PoolDirectories.directory(directories().containers(), PoolDirectories.name(id))) {
            Btrfs.snapshot(tree, directories().snapshots(), name, true);
            try (Fd kept = PoolDirectories.directory(directories().snapshots(), name)) {
                count(Owner.of(directories(), id), kept);
            }
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? noRootfs(id, e) : e;
        }
    }

    @Override
    public boolean copiesFiles() {
        return false;
    }

    /** The ioctl commits. */
    @Override
    void makeCopy(Fd original, Owner owner, String name) {
        Btrfs.snapshot(original, directories().building(), name, false);
    }

    @Override
    Fd filesOf(Fd directory, String name) {
        return PoolDirectories.directory(directory, name);
    }

    @Override
    public Fd mountRootfs(ContainerId id, Fd userNamespace, long uidBase, @Nullable String context) {
        try {
            return IdmappedMount.ofRootfs(directories().containers(), PoolDirectories.name(id), userNamespace);
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? noRootfs(id, e) : e;
        }
    }

    @Override
    void makeTree(Fd directory, String name) {
        Btrfs.create(directory, name);
        try (Fd tree = PoolDirectories.directory(directory, name)) {
            FileCalls.fchmod(tree, 0755);
        }
    }

    @Override
    void makeVolume(Owner owner, String name) {
        Fd building = directories().building();
        makeTree(building, name);
        try (Fd tree = PoolDirectories.directory(building, name)) {
            count(owner, tree);
        }
    }

    @Override
    void sealTree(Fd tree) {
        Btrfs.setReadOnly(tree, true);
    }

    /** A read-only subvolume can't be renamed out of its directory. */
    @Override
    void unsealTree(Fd tree) {
        Btrfs.setReadOnly(tree, false);
    }

    @Override
    void destroyTree(Fd directory, String name, Path path) {
        long id;
        try (Fd tree = PoolDirectories.directory(directory, name)) {
            id = Btrfs.idOf(tree);
        }
        Btrfs.destroy(directory, id);
    }

    /**
     * Else a full pool stays full for up to a minute: the kernel frees a tree after one commit, its bytes after the next, and commits
     * every 30 s. It costs a sync of the whole pool, so it isn't done where there is room enough.
     */
    @Override
    void reclaim(Fd directory) {
        SimpleQuota counting = quota;
        if (counting != null) {
            counting.sweep(owners());
        }
        if (!PoolSpace.of(directory).isShort()) {
            return;
        }
        Btrfs.sync(directory);
        try {
            Program.run(List.of(
                    "btrfs", "subvolume", "sync", "-s", "1", mount.pool().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("running btrfs", e);
        }
        Btrfs.sync(directory);
    }
}
