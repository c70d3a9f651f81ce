// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FilesystemMagic;
import io.berth.core.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pool directory where it lies on btrfs, else a sparse file with a btrfs beside it. mount(8) marks the loop device autoclear, so
 * that it goes with the last mount.
 */
final class BtrfsPoolMount extends PoolMount {
    private static final String OVERLAY_INSTEAD = "or set BERTH_STORAGE=overlay";

    private final Path file;
    private final @Nullable Long poolBytes;
    private final @Nullable String context;

    BtrfsPoolMount(Path pool, @Nullable Long poolBytes, @Nullable String context) {
        super(pool);
        this.context = context;
        this.file = pool().resolveSibling(pool().getFileName() + ".btrfs");
        this.poolBytes = poolBytes;
    }

    @Override
    boolean fits(MountTable.Entry present) {
        return present.type().equals("btrfs");
    }

    @Override
    void mount() throws IOException {
        if (isOnBtrfs()) {
            bind();
            return;
        }
        if (Files.notExists(file)) {
            makeFile();
        }
        boolean grown = grow();
        mountFile();
        if (grown) {
            Program.run(List.of("btrfs", "filesystem", "resize", "max", pool().toString()));
        }
    }

    @Override
    String cureWhenFull() {
        return Files.exists(file)
                ? "raise BERTH_POOL_BYTES (now " + file.toFile().length() + ") and restart the agent"
                : "add a device to its btrfs";
    }

    /** Whether the filesystem holds nothing but the pool. */
    boolean isOurs() {
        return Files.exists(file)
                && MountTable.at(pool())
                        .filter(entry -> entry.source().startsWith("/dev/loop"))
                        .isPresent();
    }

    private boolean isOnBtrfs() {
        try (Fd pool = FileCalls.openat(pool().toString(), OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY)) {
            return FileCalls.fstatfs(pool).is(FilesystemMagic.BTRFS_SUPER_MAGIC);
        }
    }

    /** Under another name until it is whole. */
    private void makeFile() throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        long bytes = poolBytes != null
                ? poolBytes
                : unfinished.toFile().getParentFile().getUsableSpace() / 5 * 4;
        try (Fd made = FileCalls.openat(
                Fd.AT_FDCWD, unfinished.toString(), 0600, OpenFlag.O_RDWR, OpenFlag.O_CREAT, OpenFlag.O_EXCL)) {
            FileCalls.ftruncate(made, bytes);
        }
        try {
            Program.run(List.of("mkfs.btrfs", "-q", unfinished.toString()));
        } catch (IOException e) {
            throw new StorageException.MissingFeature(
                    "mkfs.btrfs is not installed", "run 'apt install btrfs-progs', " + OVERLAY_INSTEAD, e);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A file never shrinks: what would be cut off may hold somebody's data. */
    private boolean grow() {
        try (Fd open = FileCalls.openat(file.toString(), OpenFlag.O_RDWR)) {
            if (poolBytes == null || poolBytes <= FileCalls.fstat(open).size()) {
                return false;
            }
            FileCalls.ftruncate(open, poolBytes);
            return true;
        }
    }

    private void mountFile() throws IOException {
        // user_subvol_rm_allowed: a tenant's own btrfs tools may remove what they have made in their tree
        String options = "loop,nosuid,nodev,noatime,user_subvol_rm_allowed"
                + (context == null ? "" : ",context=\"" + context + "\"");
        try {
            Program.run(List.of("mount", "-t", "btrfs", "-o", options, file.toString(), pool().toString()));
        } catch (StorageException e) {
            if (Files.readString(Path.of("/proc/filesystems")).contains("\tbtrfs\n")) {
                throw e;
            }
            throw new StorageException.MissingFeature(
                    "this kernel has no btrfs", "run 'modprobe btrfs' to see why, " + OVERLAY_INSTEAD, e);
        }
    }
}
