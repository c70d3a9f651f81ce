// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.RenameFlag;
import io.berth.core.linux.Sys;
import io.berth.core.linux.Syscall;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.VolumeId;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pool of file trees. Safe for many threads; {@link #prepare} comes first and {@link #release} last. Every tree appears and
 * vanishes by one rename or ioctl, so that a crash leaves nothing half-made but in {@code building/} and {@code trash/}, which the
 * next prepare() empties.
 *
 * <p>What drivers share is here; they differ in how a tree is made, shown and destroyed.
 */
public abstract sealed class StorageDriver permits BtrfsDriver, OverlayDriver {
    private static final long LEAST_FREE_BYTES = 16L << 20; // with less, not even a boot would get through

    final PoolMount mount;
    private @Nullable PoolDirectories directories;
    private @Nullable Trash trash;

    StorageDriver(PoolMount mount) {
        this.mount = mount;
    }

    /**
     * Touches nothing yet.
     *
     * @param pool directory of the pool, made when missing
     * @param poolBytes size of the btrfs driver's sparse file, null for four fifths of what is free
     */
    public static StorageDriver open(StorageKind kind, Path pool, @Nullable Long poolBytes) {
        return open(kind, pool, poolBytes, null);
    }

    /** @param context SELinux's for all files of a file system that is the pool's alone; null without SELinux */
    public static StorageDriver open(StorageKind kind, Path pool, @Nullable Long poolBytes, @Nullable String context) {
        return switch (kind) {
            case BTRFS -> new BtrfsDriver(pool, poolBytes, context);
            case OVERLAY -> new OverlayDriver(pool);
        };
    }

    /** Mounts the pool, or picks up what an agent that died has left mounted, and clears what that one left half-made. */
    public final synchronized void prepare() {
        if (directories != null) {
            return;
        }
        mount.attach();
        PoolDirectories opened = PoolDirectories.open(mount.pool());
        Trash bin = new Trash(opened, this::destroyTree, () -> reclaim(opened.trash()));
        opened.namesIn(opened.building()).forEach(name -> bin.add(opened.building(), name));
        bin.sweep();
        directories = opened;
        trash = bin;
        opened(opened, bin);
    }

    /** Unmounts the pool and lets go of its loop device. Running containers keep what they use until they end. */
    public final synchronized void release() {
        closing();
        if (trash != null) {
            trash.close();
            trash = null;
        }
        if (directories != null) {
            directories.close();
            directories = null;
        }
        mount.detach();
    }

    /**
     * Makes a container's tree as a copy of an image's; one that exists already stays as it is. A power cut may still take it away.
     *
     * @throws StorageException.PoolFull when no room is left
     * @throws StorageException.NoSuchTree when there is no such image
     */
    public final void create(ContainerId id, ImageId image) {
        orFull(() -> {
            requireSpace();
            makeRootfs(id, image);
            return id;
        });
    }

    /**
     * Bounds what a container and its snapshots take beside the image; nothing happens where the pool's filesystem can't. What it takes
     * already is left to it.
     *
     * @throws StorageException.NoSuchTree when there is no such container
     */
    public final void limit(ContainerId id, long bytes) {
        try (Fd tree = containerTree(id)) {
            Owner owner = Owner.of(directories(), id);
            count(owner, tree);
            setLimit(owner, bytes);
        }
    }

    /** Counts a container's snapshots as its own, as far as they aren't. */
    public final void countSnapshots(ContainerId id) {
        for (SnapshotId snapshot : snapshots(id)) {
            try (Fd kept = snapshotTree(id, snapshot)) {
                count(Owner.of(directories(), id), kept);
            }
        }
    }

    /** Of a container that exists. */
    public final DiskUsage usage(ContainerId id) {
        return usage(Owner.of(directories(), id));
    }

    abstract DiskUsage usage(Owner owner);

    /** How many bytes the pool's filesystem holds a container to, by its own word; empty when it holds it to none. */
    public final OptionalLong heldTo(ContainerId id) {
        return heldTo(Owner.of(directories(), id));
    }

    abstract OptionalLong heldTo(Owner owner);

    /**
     * Makes a container's tree outlive a power cut, as {@link #create} does not; waits for the disk.
     *
     * @throws StorageException.NoSuchTree when there is no such container
     */
    public final void settle(ContainerId id) {
        try (Fd tree = PoolDirectories.directory(directories().containers(), PoolDirectories.name(id))) {
            FileCalls.fsync(tree);
            FileCalls.fsync(directories().containers());
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? noRootfs(id, e) : e;
        }
    }

    /**
     * The container's tree as a detached mount for move_mount(2): ids shifted by the user namespace, on disk as the container sees
     * them; setuid and device files work through it.
     *
     * @param uidBase the host's id for the namespace's 0
     * @param context SELinux's for all files, where the mount is a file system of its own (overlay); null without SELinux
     */
    public abstract Fd mountRootfs(ContainerId id, Fd userNamespace, long uidBase, @Nullable String context);

    /**
     * Keeps a container's files as they are now; a snapshot of that id stays as it is. Nobody may change the files meanwhile where the
     * driver copies them (overlay). What a tenant made a subvolume of their own (btrfs) is an empty directory in it.
     *
     * @throws StorageException.PoolFull when no room is left
     * @throws StorageException.NoSuchTree when there is no such container
     * @throws StorageException.NoCopy when the files are more than can be copied
     */
    public final void snapshot(ContainerId id, SnapshotId snapshot) {
        String name = PoolDirectories.name(id, snapshot);
        orFull(() -> {
            if (!PoolDirectories.has(directories().snapshots(), name)) {
                requireSpace();
                makeSnapshot(id, name);
                FileCalls.fsync(directories().snapshots());
            }
            return id;
        });
    }

    /** Oldest first. */
    public final List<SnapshotId> snapshots(ContainerId id) {
        return snapshotNames(id).map(PoolDirectories::snapshotId).sorted().toList();
    }

    private Stream<String> snapshotNames(ContainerId id) {
        PoolDirectories pool = directories();
        return pool.namesIn(pool.snapshots()).stream()
                .filter(name -> PoolDirectories.ownerOf(name).equals(id));
    }

    /** Takes a snapshot away at once, and for good. One that is gone already is no error. */
    public final void deleteSnapshot(ContainerId id, SnapshotId snapshot) {
        dropSnapshot(PoolDirectories.name(id, snapshot));
        FileCalls.fsync(directories().snapshots());
    }

    /**
     * Whether files are copied one by one, so that nobody may change them meanwhile, where a snapshot or a copy of a container is made.
     */
    public abstract boolean copiesFiles();

    /**
     * Makes a container's files what they were; either the old ones or all of the new ones are there, whenever it is cut short. Nobody
     * may use them.
     *
     * @throws StorageException.PoolFull when no room is left
     * @throws StorageException.NoSuchTree when there is no such snapshot or container
     */
    public final void restore(ContainerId id, SnapshotId snapshot) {
        PoolDirectories pool = directories();
        String name = PoolDirectories.name(id);
        try (Fd kept = snapshotTree(id, snapshot)) {
            inBuilding(kept, Owner.of(pool, id), (files, unfinished) -> {
                count(Owner.of(pool, id), files);
                exchange(pool, unfinished, name);
            });
            // the files from before are in the trash now
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? noRootfs(id, e) : e;
        }
        settle(id);
    }

    /** Begins to count a new tree as an owner's. */
    void count(Owner owner, Fd tree) {}

    void setLimit(Owner owner, long bytes) {}

    private void exchange(PoolDirectories pool, String unfinished, String name) {
        FileCalls.renameat2(pool.building(), unfinished, pool.containers(), name, RenameFlag.RENAME_EXCHANGE);
        discardTree(unfinished);
    }

    /**
     * Makes a container's tree as a copy of another's, with an identity of its own; one that exists already stays as it is. It outlives
     * a power cut. Nobody may change the other's files meanwhile where the driver copies them.
     *
     * @param snapshot of the source's, null for its files as they are now
     * @throws StorageException.PoolFull when no room is left
     * @throws StorageException.NoSuchTree when there is no such container or snapshot
     */
    public final void copy(ContainerId source, @Nullable SnapshotId snapshot, ContainerId id) {
        PoolDirectories pool = directories();
        if (exists(id)) {
            return;
        }
        try (Fd original = snapshot == null ? containerTree(source) : snapshotTree(source, snapshot)) {
            inBuilding(original, Owner.of(pool, id), (files, unfinished) -> {
                MachineIdentity.forget(files);
                FileCalls.renameat2(
                        pool.building(),
                        unfinished,
                        pool.containers(),
                        PoolDirectories.name(id),
                        RenameFlag.RENAME_NOREPLACE);
            });
        }
        settle(id);
    }

    /** What becomes of a tree that has just been made. */
    private interface Use {
        void of(Fd files, String name);
    }

    /** Makes a writable copy that no name stands for yet; it goes when its use fails. */
    private void inBuilding(Fd original, Owner owner, Use use) {
        String name = UUID.randomUUID().toString();
        orFull(() -> {
            requireSpace();
            try {
                makeCopy(original, owner, name);
                try (Fd files = filesOf(directories().building(), name)) {
                    use.of(files, name);
                }
            } catch (RuntimeException e) {
                discardTree(name);
                throw e;
            }
            return name;
        });
    }

    private Fd containerTree(ContainerId id) {
        try {
            return PoolDirectories.directory(directories().containers(), PoolDirectories.name(id));
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? noRootfs(id, e) : e;
        }
    }

    private Fd snapshotTree(ContainerId id, SnapshotId snapshot) {
        try {
            return PoolDirectories.directory(directories().snapshots(), PoolDirectories.name(id, snapshot));
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT
                    ? new StorageException.NoSuchTree("container " + id + " has no snapshot " + snapshot, e)
                    : e;
        }
    }

    /** Takes the tree and its snapshots away at once; the bytes are freed in the background. What is gone already is no error. */
    public final void delete(ContainerId id) {
        snapshotNames(id).toList().forEach(this::dropSnapshot);
        discard(directories().containers(), PoolDirectories.name(id));
    }

    /** Takes a tree away that a tenant wrote. One that is gone already is no error. */
    void discard(Fd directory, String name) {
        trash().add(directory, name);
    }

    public final boolean exists(ContainerId id) {
        return PoolDirectories.has(directories().containers(), PoolDirectories.name(id));
    }

    /** Containers that have a tree or snapshots and are not among the known. */
    public final Set<ContainerId> leftovers(Set<ContainerId> known) {
        Set<ContainerId> ids = present();
        ids.removeAll(known);
        return ids;
    }

    /** Whom bytes of the pool may be charged to. */
    final Set<UUID> owners() {
        return Stream.concat(
                        present().stream().map(ContainerId::value),
                        volumes().ids().stream().map(VolumeId::value))
                .collect(Collectors.toSet());
    }

    /** Containers that have a tree or snapshots. */
    private Set<ContainerId> present() {
        PoolDirectories pool = directories();
        Set<ContainerId> ids = new TreeSet<>();
        pool.namesIn(pool.containers()).forEach(name -> ids.add(ContainerId.of(name)));
        pool.namesIn(pool.snapshots()).forEach(name -> ids.add(PoolDirectories.ownerOf(name)));
        return ids;
    }

    /** The pool's volumes. */
    public final VolumeStore volumes() {
        return new VolumeStore(this);
    }

    public final PoolSpace space() {
        return PoolSpace.of(directories().root());
    }

    /** Where the image store keeps its notes: within the pool, so that they go where the trees go. */
    public final Path metadataDirectory() {
        return mount.pool().resolve(PoolDirectories.METADATA);
    }

    /**
     * An empty, writable tree that nobody uses yet.
     *
     * @param name of a build, unique and no path
     * @return its root directory
     */
    public final Fd newTree(String name) {
        return orFull(() -> {
            requireSpace();
            Fd building = directories().building();
            makeTree(building, name);
            return PoolDirectories.directory(building, name);
        });
    }

    /** The tree of a build becomes an image, read-only where the driver can. An image of the same content wins over it. */
    public final void keepTree(String name, ImageId id) {
        PoolDirectories pool = directories();
        orFull(() -> {
            try (Fd tree = PoolDirectories.directory(pool.building(), name)) {
                // else a power failure could keep the name and lose the content that it vouches for
                Syscall.call(Sys.SYNCFS, tree);
                FileCalls.renameat2(
                        pool.building(), name, pool.images(), PoolDirectories.name(id), RenameFlag.RENAME_NOREPLACE);
                sealTree(tree);
                FileCalls.fsync(pool.images());
            } catch (SyscallException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                }
                discardTree(name);
            }
            return id;
        });
    }

    /** Takes the tree of a build away. One that is gone already is no error. */
    public final void discardTree(String name) {
        trash().add(directories().building(), name);
    }

    /** @throws StorageException.NoSuchTree when there is no such image */
    public final Fd openImage(ImageId id) {
        try {
            return PoolDirectories.directory(directories().images(), PoolDirectories.name(id));
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? noImage(id, e) : e;
        }
    }

    public final List<ImageId> images() {
        PoolDirectories pool = directories();
        return pool.namesIn(pool.images()).stream()
                .map(PoolDirectories::imageId)
                .toList();
    }

    /** Takes the image away at once; containers made from it on btrfs keep theirs, overlays need it: the caller asks who uses it. */
    public final void deleteImage(ImageId id) {
        try (Fd tree = openImage(id)) {
            unsealTree(tree);
        } catch (StorageException.NoSuchTree e) {
            return;
        }
        trash().add(directories().images(), PoolDirectories.name(id));
        imageDeleted(id);
    }

    /** Waits until nothing is left to be freed. */
    public final void awaitEmptyTrash() {
        trash().awaitEmpty();
    }

    /** The pool is there. */
    void opened(PoolDirectories pool, Trash trash) {}

    /** The pool goes. */
    void closing() {}

    void imageDeleted(ImageId id) {}

    abstract void makeRootfs(ContainerId id, ImageId image);

    /** Appears in {@code snapshots/} whole or not at all. */
    abstract void makeSnapshot(ContainerId id, String name);

    /**
     * Makes a container's tree in {@code building/}, on disk when this returns.
     *
     * @param original a container's or a snapshot's
     * @param owner whose it will be
     */
    abstract void makeCopy(Fd original, Owner owner, String name);

    /** An empty directory in {@code building/} that its owner is charged for, and that container root owns. */
    abstract void makeVolume(Owner owner, String name);

    /** Where a container's tree has the files that were written, as an open directory. */
    abstract Fd filesOf(Fd directory, String name);

    /** Takes a snapshot away; one that is gone already is no error. */
    abstract void dropSnapshot(String name);

    abstract void makeTree(Fd directory, String name);

    abstract void sealTree(Fd tree);

    abstract void unsealTree(Fd tree);

    /** Frees a tree for good; runs in the background and may be cut short by release(). */
    abstract void destroyTree(Fd directory, String name, Path path);

    /** Makes what was destroyed free to be used; runs in the background after the last tree of several. */
    void reclaim(Fd directory) {}

    final synchronized PoolDirectories directories() {
        if (directories == null) {
            throw new IllegalStateException("the pool " + mount.pool() + " is not prepared");
        }
        return directories;
    }

    final synchronized Trash trash() {
        if (trash == null) {
            throw new IllegalStateException("the pool " + mount.pool() + " is not prepared");
        }
        return trash;
    }

    static StorageException.NoSuchTree noImage(ImageId id, Throwable cause) {
        return new StorageException.NoSuchTree("no image " + id + " in the pool; build it anew", cause);
    }

    StorageException.NoSuchTree noRootfs(ContainerId id, Throwable cause) {
        return new StorageException.NoSuchTree(
                "container " + id + " has no files in the pool " + mount.pool()
                        + "; was BERTH_STORAGE or BERTH_STATE_DIR changed?",
                cause);
    }

    final void requireSpace() {
        if (space().freeBytes() < LEAST_FREE_BYTES) {
            throw full(null);
        }
    }

    final <T> T orFull(Supplier<T> work) {
        try {
            return work.get();
        } catch (SyscallException e) {
            if (e.errno() == Errno.EDQUOT) {
                throw new StorageException.NoCopy("the limit of its disk leaves no room for them; delete files or"
                        + " snapshots, or raise limits.diskBytes");
            }
            if (e.errno() == Errno.ENOSPC) {
                throw full(e);
            }
            throw e;
        }
    }

    private StorageException.PoolFull full(@Nullable Throwable cause) {
        PoolSpace space = space();
        String figures = (space.usedBytes() >> 20) + " MiB used, " + (space.freeBytes() >> 20) + " MiB free";
        return new StorageException.PoolFull(
                "the pool " + mount.pool() + " is full (" + figures + "): delete containers or images, or "
                        + mount.cureWhenFull(),
                cause);
    }
}
