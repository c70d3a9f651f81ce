// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.RenameFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.VolumeId;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** The volumes of a pool: trees that no container's life has anything to do with. Safe for many threads, as the {@link StorageDriver} is. */
public final class VolumeStore {
    private final StorageDriver driver;

    VolumeStore(StorageDriver driver) {
        this.driver = driver;
    }

    /**
     * Makes an empty volume; one that exists already stays as it is, and gets that limit. It outlives a power cut.
     *
     * @param bytes that it may take, where the pool's filesystem holds limits
     * @throws StorageException.PoolFull when no room is left
     */
    public void create(VolumeId id, long bytes) {
        if (!exists(id)) {
            make(id);
        }
        limit(id, bytes);
        FileCalls.fsync(home());
    }

    private void make(VolumeId id) {
        PoolDirectories pool = driver.directories();
        String unfinished = UUID.randomUUID().toString();
        driver.orFull(() -> {
            driver.requireSpace();
            try {
                driver.makeVolume(Owner.of(pool, id), unfinished);
                FileCalls.renameat2(
                        pool.building(), unfinished, home(), PoolDirectories.name(id), RenameFlag.RENAME_NOREPLACE);
            } catch (RuntimeException e) {
                driver.discardTree(unfinished);
                throw e;
            }
            return id;
        });
    }

    /**
     * Bounds what a volume takes; nothing happens where the pool's filesystem can't. What it takes already is left to it.
     *
     * @throws StorageException.NoSuchTree when there is no such volume
     */
    public void limit(VolumeId id, long bytes) {
        try (Fd tree = PoolDirectories.directory(home(), PoolDirectories.name(id))) {
            Owner owner = Owner.of(driver.directories(), id);
            driver.count(owner, tree);
            driver.setLimit(owner, bytes);
        } catch (SyscallException e) {
            throw orMissing(id, e);
        }
    }

    public boolean exists(VolumeId id) {
        return PoolDirectories.has(home(), PoolDirectories.name(id));
    }

    /** Takes a volume's files away at once and for good; the bytes are freed in the background. What is gone already is no error. */
    public void delete(VolumeId id) {
        driver.discard(home(), PoolDirectories.name(id));
        FileCalls.fsync(home());
    }

    /** Those that have files. */
    public Set<VolumeId> ids() {
        return driver.directories().namesIn(home()).stream()
                .map(VolumeId::of)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Of a volume that exists. */
    public DiskUsage usage(VolumeId id) {
        return driver.usage(Owner.of(driver.directories(), id));
    }

    /**
     * A volume as a detached mount for move_mount(2), its ids shifted by the user namespace: so containers of different ranges see the
     * same owners. Without device files, and without setuid: root of one container is not to become root of another by a file that a user
     * runs there.
     *
     * @throws StorageException.NoSuchTree when there is no such volume
     */
    public Fd mount(VolumeId id, Fd userNamespace, boolean readOnly) {
        try {
            return IdmappedMount.ofVolume(home(), PoolDirectories.name(id), userNamespace, readOnly);
        } catch (SyscallException e) {
            throw orMissing(id, e);
        }
    }

    /** How volumes' mounts are shown. */
    public VolumeRoots roots() {
        MountTable.Entry pool = MountTable.at(driver.mount.pool())
                .orElseThrow(() -> new IllegalStateException("the pool " + driver.mount.pool() + " is not mounted"));
        String root = pool.root().equals("/") ? "" : pool.root();
        return new VolumeRoots(pool.device(), root + "/" + PoolDirectories.VOLUMES + "/");
    }

    private Fd home() {
        return driver.directories().volumes();
    }

    private RuntimeException orMissing(VolumeId id, SyscallException e) {
        return e.errno() == Errno.ENOENT
                ? new StorageException.NoSuchTree(
                        "volume " + id + " has no files in the pool " + driver.mount.pool()
                                + "; was BERTH_STORAGE or BERTH_STATE_DIR changed?",
                        e)
                : e;
    }
}
