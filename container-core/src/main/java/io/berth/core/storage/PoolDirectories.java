// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The pool's own directories, open, so that every later step is relative to one of them. Names in them are ids of ours, never a
 * tenant's words.
 *
 * @param spares copies of images that belong to no container yet
 * @param building trees that no name stands for yet
 * @param trash trees that no name stands for any more
 */
record PoolDirectories(
        Fd root, Fd images, Fd containers, Fd snapshots, Fd volumes, Fd spares, Fd building, Fd trash, Path path)
        implements AutoCloseable {
    static final String VOLUMES = "volumes";
    static final String METADATA = "metadata";
    private static final String HASH = "sha256:";

    static PoolDirectories open(Path pool) {
        Fd root = FileCalls.openat(pool.toString(), OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY);
        FileCalls.fchmod(root, 0700);
        made(root, METADATA).close();
        return new PoolDirectories(
                root,
                made(root, "images"),
                made(root, "containers"),
                made(root, "snapshots"),
                made(root, VOLUMES),
                made(root, "spares"),
                made(root, "building"),
                made(root, "trash"),
                pool);
    }

    private static Fd made(Fd root, String name) {
        try {
            FileCalls.mkdirat(root, name, 0700);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
        return directory(root, name);
    }

    /** Opens a directory, never through a symbolic link. */
    static Fd directory(Fd parent, String name) {
        return FileCalls.openat(parent, name, OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY, OpenFlag.O_NOFOLLOW);
    }

    static boolean has(Fd parent, String name) {
        try {
            FileCalls.statx(parent, name, AtFlag.AT_SYMLINK_NOFOLLOW);
            return true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    static String name(ContainerId id) {
        return id.toString();
    }

    static String name(ImageId id) {
        return id.value().substring(HASH.length());
    }

    static String name(VolumeId id) {
        return id.toString();
    }

    /** Begins with the container's, so that a listing tells whose it is. */
    static String name(ContainerId id, SnapshotId snapshot) {
        return id + "." + snapshot;
    }

    static ContainerId ownerOf(String snapshotName) {
        return ContainerId.of(snapshotName.substring(0, snapshotName.indexOf('.')));
    }

    static SnapshotId snapshotId(String snapshotName) {
        return SnapshotId.of(snapshotName.substring(snapshotName.indexOf('.') + 1));
    }

    static ImageId imageId(String name) {
        return new ImageId(HASH + name);
    }

    /** What stands in one of these directories. */
    List<String> namesIn(Fd directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(pathOf(directory))) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + pathOf(directory), e);
        }
        return names;
    }

    private Path pathOf(Fd directory) {
        return path.resolve(nameOf(directory));
    }

    private String nameOf(Fd directory) {
        if (directory == images) {
            return "images";
        }
        if (directory == containers) {
            return "containers";
        }
        if (directory == snapshots) {
            return "snapshots";
        }
        if (directory == volumes) {
            return VOLUMES;
        }
        if (directory == spares) {
            return "spares";
        }
        return directory == building ? "building" : "trash";
    }

    /** Where a name in the trash lies, for a program that wants a path. Below the pool's 0700, only root gets there. */
    Path inTrash(String name) {
        return path.resolve("trash").resolve(name);
    }

    @Override
    public void close() {
        List.of(trash, building, spares, volumes, snapshots, containers, images, root)
                .forEach(Fd::close);
    }
}
