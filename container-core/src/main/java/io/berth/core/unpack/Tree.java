// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.TreeCalls;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The directories of the tree that is filled: opened by the kernel's own rules for paths, made where an archive leaves them out. */
final class Tree implements AutoCloseable {
    /** What becomes of a path that leads through a symbolic link. */
    enum Links {
        /** Nothing: what packs a tree never writes one. */
        REFUSED,
        /** It is followed with the tree as root, as an image's layers want where one has turned a directory into a link. */
        WITHIN;

        private ResolveFlag[] how() {
            return switch (this) {
                case REFUSED -> new ResolveFlag[] {ResolveFlag.RESOLVE_BENEATH, ResolveFlag.RESOLVE_NO_SYMLINKS};
                case WITHIN -> new ResolveFlag[] {ResolveFlag.RESOLVE_IN_ROOT, ResolveFlag.RESOLVE_NO_MAGICLINKS};
            };
        }
    }

    private final Fd root;
    private final Links links;
    private final Budget budget;
    private @Nullable TreePath lastPath;
    private @Nullable Fd last;

    Tree(Fd root, Links links, Budget budget) {
        this.root = root;
        this.links = links;
        this.budget = budget;
    }

    /** The same directory until the next call, which is what archives mostly ask for; the tree's to close. */
    Fd directory(TreePath path) {
        if (last == null || !path.equals(lastPath)) {
            Fd opened = open(path);
            forget();
            last = opened;
            lastPath = path;
        }
        return last;
    }

    private Fd open(TreePath path) {
        if (path.isRoot()) {
            return root.dup();
        }
        try {
            return find(path);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw refused(path, e);
            }
            return make(path);
        }
    }

    private Fd find(TreePath path) {
        Flags flags = Flags.of(OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY);
        return FileCalls.openat2(root, path.toString(), 0, flags, links.how());
    }

    private Fd make(TreePath path) {
        budget.entry();
        try (Fd parent = open(path.parent())) {
            TreeCalls.mkdirat(parent, path.nameBytes(), 0755);
            return TreeCalls.openat(parent, path.nameBytes(), 0, OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY);
        } catch (SyscallException e) {
            throw refused(path, e);
        }
    }

    private static RuntimeException refused(TreePath path, SyscallException e) {
        return switch (e.errno()) {
            case ELOOP, EXDEV, EEXIST ->
                new RefusedArchiveException(path.shown() + " leads through a symbolic link", e);
            case ENOTDIR -> new RefusedArchiveException(path.shown() + " is used as a directory and is none", e);
            default -> e;
        };
    }

    /** Empty when there is no such directory. */
    @Nullable
    Fd findDirectory(TreePath path) {
        try {
            return path.isRoot() ? root.dup() : find(path);
        } catch (SyscallException e) {
            return switch (e.errno()) {
                case ENOENT, ENOTDIR, ELOOP -> null;
                default -> throw e;
            };
        }
    }

    /** Removes a name with all that is below it, following nothing; one that is not there is no error. */
    void remove(Fd directory, String name) {
        forget();
        try {
            FileCalls.unlinkat(directory, name);
        } catch (SyscallException e) {
            switch (e.errno()) {
                case ENOENT -> {}
                case EISDIR -> removeDirectory(directory, name);
                default -> throw e;
            }
        }
    }

    private void removeDirectory(Fd directory, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        try (Fd inner = TreeCalls.openat(directory, bytes, 0, OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY)) {
            clear(inner);
        }
        FileCalls.unlinkat(directory, name, AtFlag.AT_REMOVEDIR);
    }

    /** Removes all that is in a directory. */
    void clear(Fd directory) {
        List<byte[]> names = TreeCalls.names(directory, 0).names();
        while (!names.isEmpty()) {
            names.forEach(name -> remove(directory, new String(name, StandardCharsets.UTF_8)));
            names = TreeCalls.names(directory, 0).names();
        }
    }

    private void forget() {
        if (last != null) {
            last.close();
        }
        last = null;
        lastPath = null;
    }

    @Override
    public void close() {
        forget();
    }
}
