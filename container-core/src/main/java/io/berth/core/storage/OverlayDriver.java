// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import static io.berth.core.linux.FileSystemUser.asFileSystemUser;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileSystemUser;
import io.berth.core.linux.FilesystemContext;
import io.berth.core.linux.QuotaCalls;
import io.berth.core.linux.RenameFlag;
import io.berth.core.linux.Sys;
import io.berth.core.linux.Syscall;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ImageId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An overlay over the image's directory for each container. A container's directory holds {@code upper}, {@code work} and a symbolic
 * link {@code image} whose text, never followed, is the image's name.
 */
final class OverlayDriver extends StorageDriver {
    private static final String UPPER = "upper";
    private static final String WORK = "work";
    private static final String IMAGE = "image";
    private static final long ST_RDONLY = 1; // f_flags of statfs(2)

    private volatile @Nullable ProjectQuota quota;

    OverlayDriver(Path pool) {
        super(new OverlayPoolMount(pool));
    }

    @Override
    void opened(PoolDirectories pool, Trash trash) {
        quota = ProjectQuota.of(pool).orElse(null);
    }

    /** An empty directory for an owner's files. */
    private void makeDirectory(Owner owner, String name) {
        Fd building = directories().building();
        FileCalls.mkdirat(building, name, 0700);
        ProjectQuota counting = quota;
        if (counting != null) {
            try (Fd made = PoolDirectories.directory(building, name)) {
                counting.charge(owner, made);
            }
        }
    }

    @Override
    void setLimit(Owner owner, long bytes) {
        ProjectQuota counting = quota;
        if (counting != null) {
            counting.limit(owner, bytes);
        }
    }

    private Optional<QuotaCalls.Project> project(Owner owner) {
        ProjectQuota counting = quota;
        return counting == null ? Optional.empty() : counting.of(owner);
    }

    @Override
    void makeRootfs(ContainerId id, ImageId image) {
        Fd building = directories().building();
        String name = UUID.randomUUID().toString();
        try (Fd tree = openImage(image)) {
            makeDirectory(Owner.of(directories(), id), name);
            fill(building, name, image, FileCalls.fstat(tree));
            FileCalls.renameat2(
                    building, name, directories().containers(), PoolDirectories.name(id), RenameFlag.RENAME_NOREPLACE);
        } catch (SyscallException e) {
            discardTree(name);
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    /** An overlay's root is its upper layer's: it must look as the image's does. */
    private static void fill(Fd building, String name, ImageId image, FileStatus root) {
        try (Fd container = PoolDirectories.directory(building, name)) {
            FileCalls.symlinkat(PoolDirectories.name(image), container, IMAGE);
            FileCalls.mkdirat(container, WORK, 0700);
            FileCalls.mkdirat(container, UPPER, 0700);
            try (Fd upper = PoolDirectories.directory(container, UPPER)) {
                FileCalls.fchown(upper, root.uid(), root.gid());
                FileCalls.fchmod(upper, root.permissions());
            }
        }
    }

    /** What a container wrote and the name of its image, laid out as a container's own directory. */
    @Override
    void makeSnapshot(ContainerId id, String name) {
        PoolDirectories pool = directories();
        String unfinished = UUID.randomUUID().toString();
        try (Fd container = PoolDirectories.directory(pool.containers(), PoolDirectories.name(id))) {
            makeDirectory(Owner.of(pool, id), unfinished);
            try (Fd snapshot = PoolDirectories.directory(pool.building(), unfinished)) {
                fill(container, snapshot);
                Syscall.call(Sys.SYNCFS, snapshot); // it may be evidence
            }
            FileCalls.renameat2(pool.building(), unfinished, pool.snapshots(), name, RenameFlag.RENAME_NOREPLACE);
        } catch (RuntimeException e) {
            discardTree(unfinished);
            throw e instanceof SyscallException call && call.errno() == Errno.ENOENT ? noRootfs(id, e) : e;
        }
    }

    @Override
    void dropSnapshot(String name) {
        trash().add(directories().snapshots(), name);
    }

    @Override
    DiskUsage usage(Owner owner) {
        return project(owner)
                .map(project -> new DiskUsage(project.bytes(), project.inodes(), true))
                .orElse(DiskUsage.UNKNOWN);
    }

    @Override
    OptionalLong heldTo(Owner owner) {
        return project(owner)
                .filter(project -> project.mostBytes() > 0)
                .map(project -> OptionalLong.of(project.mostBytes()))
                .orElse(OptionalLong.empty());
    }

    @Override
    public boolean copiesFiles() {
        return true;
    }

    @Override
    void makeCopy(Fd original, Owner owner, String name) {
        Fd building = directories().building();
        makeDirectory(owner, name);
        try (Fd copy = PoolDirectories.directory(building, name)) {
            fill(original, copy);
            FileCalls.mkdirat(copy, WORK, 0700);
            Syscall.call(Sys.SYNCFS, copy); // a name must not outlive a power cut that takes the content
        }
    }

    @Override
    Fd filesOf(Fd directory, String name) {
        try (Fd container = PoolDirectories.directory(directory, name)) {
            return PoolDirectories.directory(container, UPPER);
        }
    }

    private static void fill(Fd container, Fd snapshot) {
        FileCalls.symlinkat(FileCalls.readlinkat(container, IMAGE), snapshot, IMAGE);
        FileCalls.mkdirat(snapshot, UPPER, 0700);
        try (Fd from = PoolDirectories.directory(container, UPPER);
                Fd to = PoolDirectories.directory(snapshot, UPPER)) {
            // what the host's root writes would pass by the limits of the disk
            FileSystemUser.heldToQuotas(() -> {
                TreeCopy.copy(from, to, snapshot);
                return to;
            });
        }
    }

    @Override
    public Fd mountRootfs(ContainerId id, Fd userNamespace, long uidBase, @Nullable String context) {
        PoolDirectories pool = directories();
        try (Fd container = IdmappedMount.ofLayer(pool.containers(), PoolDirectories.name(id), userNamespace);
                Fd image =
                        IdmappedMount.ofLayer(pool.images(), FileCalls.readlinkat(container, IMAGE), userNamespace)) {
            return asFileSystemUser(Math.toIntExact(uidBase), () -> overlay(container, image, context));
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? noRootfs(id, e) : e;
        }
    }

    /**
     * On a thread whose fsuid is the container's root: an overlay keeps its mounter's credentials for all that it does to the upper
     * layer, and the host's uid 0 has no place in the layers' maps, which makes it silently read-only.
     */
    private static Fd overlay(Fd container, Fd image, @Nullable String context) {
        try (Fd lower = PoolDirectories.directory(image, ".");
                Fd upper = PoolDirectories.directory(container, UPPER);
                Fd work = PoolDirectories.directory(container, WORK);
                FilesystemContext overlay = FilesystemContext.fsopen("overlay")) {
            overlay.set("source", "berth");
            setLayers(overlay, lower, upper, work);
            // else renaming a directory of the image is EXDEV. The attributes it writes are trusted.*, out of a
            // tenant's reach
            overlay.set("redirect_dir", "on");
            // metacopy saves little and must not be used over layers one can't trust:
            // Documentation/filesystems/overlayfs.rst
            overlay.set("metacopy", "off");
            // index makes hard links survive copy-up, and ties upper to lower by file handles, which a copied pool
            // breaks
            overlay.set("index", "off");
            if (context != null) {
                overlay.set("context", context);
            }
            // not volatile: a tenant's fsync is a promise
            return writable(overlay.fsmount());
        }
    }

    private static void setLayers(FilesystemContext overlay, Fd lower, Fd upper, Fd work) {
        try {
            overlay.set("lowerdir+", lower).set("upperdir", upper).set("workdir", work);
        } catch (SyscallException e) {
            if (e.errno() == Errno.EINVAL || e.errno() == Errno.EBADF) {
                throw new StorageException.MissingFeature(
                        "this kernel's overlayfs takes no layers as file descriptors, or the pool's filesystem can't be one",
                        "set BERTH_STORAGE=btrfs",
                        e);
            }
            throw e;
        }
    }

    private static Fd writable(Fd mount) {
        if ((FileCalls.fstatfs(mount).flags() & ST_RDONLY) != 0) {
            mount.close();
            throw new StorageException.MissingFeature(
                    "the kernel made the overlay over idmapped layers read-only (see dmesg)",
                    "set BERTH_STORAGE=btrfs",
                    null);
        }
        return mount;
    }

    @Override
    void makeTree(Fd directory, String name) {
        FileCalls.mkdirat(directory, name, 0755);
        try (Fd tree = PoolDirectories.directory(directory, name)) {
            FileCalls.fchmod(tree, 0755);
        }
    }

    @Override
    void makeVolume(Owner owner, String name) {
        makeDirectory(owner, name);
        try (Fd tree = PoolDirectories.directory(directories().building(), name)) {
            FileCalls.fchmod(tree, 0755);
        }
    }

    /** A directory can't be read-only on its own; as a lower layer it is. */
    @Override
    void sealTree(Fd tree) {}

    @Override
    void unsealTree(Fd tree) {}

    /** rm(1) goes down by openat(2) with O_NOFOLLOW and keeps no fd for each level, however deep a tenant has nested. */
    @Override
    void destroyTree(Fd directory, String name, Path path) {
        try {
            Program.run(List.of("rm", "-rf", "--one-file-system", "--", path.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("running rm", e);
        }
    }
}
