// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.TreeCalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Puts entries of one archive, or of one layer over others, into the tree. */
final class TarUnpacker implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 18;
    private static final FileStatus.Device NO_DEVICE = new FileStatus.Device(0, 0);

    private final Tree tree;
    private final Budget budget;
    private final boolean replaces;
    private final Set<String> seen = new HashSet<>();
    private final Map<TreePath, Instant> directories = new LinkedHashMap<>();

    /** @param replaces whether what is there already came from a layer below, and goes */
    TarUnpacker(Tree tree, Budget budget, boolean replaces) {
        this.tree = tree;
        this.budget = budget;
        this.replaces = replaces;
    }

    void add(TarArchiveEntry entry, TreePath path, InputStream content) throws IOException {
        budget.entry();
        try {
            place(entry, path, content);
        } catch (SyscallException e) {
            throw switch (e.errno()) {
                case EEXIST -> twice(path);
                case ENOSPC, EDQUOT -> new RefusedArchiveException("the pool is full: free some of its space", e);
                case EFBIG -> budget.tooLarge();
                default -> new RefusedArchiveException(path.shown() + ": " + e.getMessage(), e);
            };
        }
    }

    private void place(TarArchiveEntry entry, TreePath path, InputStream content) throws IOException {
        if (isDevice(entry)) {
            if (!path.isBelow("dev")) {
                throw new RefusedArchiveException(path.shown() + " is a device, which no container can have");
            }
            return; // a container's /dev is its own
        }
        Attributes attributes = Attributes.of(entry, path);
        if (entry.isDirectory()) {
            directory(path, attributes);
            return;
        }
        requirePlace(path);
        if (entry.isLink()) {
            hardLink(TreePath.of(entry.getLinkName()), path);
        } else if (entry.isSymbolicLink()) {
            symlink(entry.getLinkName(), path, attributes);
        } else if (entry.isFIFO()) {
            Fd parent = tree.directory(path.parent());
            TreeCalls.mknodat(parent, path.nameBytes(), (int) FileType.S_IFIFO.value(), NO_DEVICE);
            apply(attributes, parent, path, false);
        } else if (isRegular(entry)) {
            file(content, path, attributes, entry.getRealSize());
        } else {
            throw new RefusedArchiveException(path.shown() + " is of a kind that no file system has");
        }
    }

    private static boolean isDevice(TarArchiveEntry entry) {
        return entry.isBlockDevice() || entry.isCharacterDevice();
    }

    /** TarArchiveEntry.isFile() is true of kinds that it does not know, too. */
    private static boolean isRegular(TarArchiveEntry entry) {
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL,
                    TarConstants.LF_OLDNORM,
                    TarConstants.LF_CONTIG,
                    TarConstants.LF_GNUTYPE_SPARSE -> true;
            default -> false;
        };
    }

    private void requirePlace(TreePath path) {
        if (path.isRoot()) {
            throw new RefusedArchiveException("the archive's root is no directory");
        }
        if (!seen.add(path.toString())) {
            throw twice(path);
        }
        if (replaces) {
            Fd parent = tree.directory(path.parent());
            try (Fd own = parent.dup()) {
                tree.remove(own, path.name());
            }
        }
    }

    private static RefusedArchiveException twice(TreePath path) {
        return new RefusedArchiveException(path.shown() + " comes twice");
    }

    private void directory(TreePath path, Attributes attributes) {
        if (seen.contains(path.toString())) {
            throw twice(path);
        }
        if (!path.isRoot()) {
            ensureDirectory(path);
        }
        directories.put(path, attributes.time());
        attributes.apply(tree.directory(path), false);
    }

    private void ensureDirectory(TreePath path) {
        Fd parent = tree.directory(path.parent());
        try {
            TreeCalls.mkdirat(parent, path.nameBytes(), 0700);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            if (replaces && !isDirectory(parent, path)) {
                try (Fd own = parent.dup()) {
                    tree.remove(own, path.name());
                    TreeCalls.mkdirat(own, path.nameBytes(), 0700);
                }
            }
        }
    }

    private static boolean isDirectory(Fd parent, TreePath path) {
        try (Fd there = TreeCalls.openat(parent, path.nameBytes(), 0, OpenFlag.O_PATH)) {
            return FileCalls.fstat(there).is(FileType.S_IFDIR);
        }
    }

    private void file(InputStream content, TreePath path, Attributes attributes, long size) throws IOException {
        budget.content(Math.max(0, size));
        Fd parent = tree.directory(path.parent());
        try (Fd file = TreeCalls.openat(
                parent, path.nameBytes(), 0600, OpenFlag.O_WRONLY, OpenFlag.O_CREAT, OpenFlag.O_EXCL)) {
            long written = copy(content, file, size);
            if (written != size) {
                throw new RefusedArchiveException(path.shown() + " has " + written + " bytes of " + size);
            }
            attributes.apply(file, false);
        }
    }

    /** What is more than was announced has not been counted, and is damage. */
    private static long copy(InputStream content, Fd file, long size) throws IOException {
        byte[] buffer = new byte[CHUNK_BYTES];
        long written = 0;
        for (int read = content.read(buffer); read >= 0 && written <= size; read = content.read(buffer)) {
            FileCalls.writeAll(file, read == buffer.length ? buffer : Arrays.copyOf(buffer, read));
            written += read;
        }
        return written;
    }

    private void symlink(String target, TreePath path, Attributes attributes) {
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || target.indexOf('\0') >= 0) {
            throw new RefusedArchiveException(path.shown() + " is a symbolic link to nothing");
        }
        Fd parent = tree.directory(path.parent());
        TreeCalls.symlinkat(bytes, parent, path.nameBytes());
        apply(attributes, parent, path, true);
    }

    private static void apply(Attributes attributes, Fd parent, TreePath path, boolean link) {
        try (Fd file = TreeCalls.openat(parent, path.nameBytes(), 0, OpenFlag.O_PATH)) {
            attributes.apply(file, link);
        }
    }

    /** To a file of this archive, or of a layer below; never through a link, and never to a directory, as the kernel has it. */
    private void hardLink(TreePath target, TreePath path) {
        if (target.isRoot()) {
            throw new RefusedArchiveException(path.shown() + " is a hard link to a directory");
        }
        try (Fd from = tree.directory(target.parent()).dup()) {
            Fd to = tree.directory(path.parent());
            TreeCalls.linkat(from, target.nameBytes(), to, path.nameBytes());
        } catch (SyscallException e) {
            throw switch (e.errno()) {
                case ENOENT ->
                    new RefusedArchiveException(
                            path.shown() + " is a hard link to " + target.shown() + ", which is not there", e);
                case EPERM ->
                    new RefusedArchiveException(path.shown() + " is a hard link to what can't have two names", e);
                default -> e;
            };
        }
    }

    /** For the end: what was put into directories has changed their times. */
    void finish() {
        directories.forEach((path, time) -> {
            Fd found = tree.findDirectory(path);
            if (found != null) {
                try (found) {
                    TreeCalls.setTime(found, time);
                }
            }
        });
    }

    @Override
    public void close() {
        tree.close();
    }
}
