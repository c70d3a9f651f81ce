// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.TreeCalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Copies a tree that a tenant filled, as it is on disk: owners, modes, times, holes, links, devices, extended attributes. Everything
 * is opened by a single name relative to an open directory, without following it, so no name or link of the tenant's leads
 * anywhere; and neither depth nor number of files costs memory or descriptors beyond a bound. Nobody may change the tree meanwhile.
 */
final class TreeCopy {
    /** Each level above costs a few kilobytes. No program of a distribution's nests deeper than some dozens. */
    private static final int MOST_LEVELS = 8192;

    private static final String LINKS = "links";
    private static final byte[] PARENT = {'.', '.'};

    /** A directory on the way: what is left to do in it, and what both sides are, to be known again on the way back. */
    private static final class Level {
        private final FileStatus from;
        private final FileStatus to;
        private final Deque<byte[]> names = new ArrayDeque<>();
        private long next;

        Level(Fd from, Fd to) {
            this.from = FileCalls.fstat(from);
            this.to = FileCalls.fstat(to);
        }

        /** Empty at the end. */
        Deque<byte[]> names(Fd directory) {
            if (names.isEmpty()) {
                TreeCalls.Batch batch = TreeCalls.names(directory, next);
                names.addAll(batch.names());
                next = batch.next();
            }
            return names;
        }
    }

    private final Deque<Level> levels = new ArrayDeque<>();
    private final Fd links;
    private Fd from;
    private Fd to;

    private TreeCopy(Fd from, Fd to, Fd links) {
        this.from = from;
        this.to = to;
        this.links = links;
    }

    /**
     * Copies what is in a directory into an empty one, and the directory's own attributes.
     *
     * @param scratch an empty directory's place on the same file system as the copy
     */
    static void copy(Fd from, Fd to, Fd scratch) {
        FileCalls.mkdirat(scratch, LINKS, 0700);
        try (Fd links = PoolDirectories.directory(scratch, LINKS)) {
            var copy = new TreeCopy(PoolDirectories.directory(from, "."), PoolDirectories.directory(to, "."), links);
            try {
                copy.run();
            } finally {
                copy.from.close();
                copy.to.close();
            }
            forget(links);
        }
        FileCalls.unlinkat(scratch, LINKS, AtFlag.AT_REMOVEDIR);
    }

    private void run() {
        levels.push(new Level(from, to));
        while (!levels.isEmpty()) {
            Deque<byte[]> names = levels.element().names(from);
            if (names.isEmpty()) {
                leave();
            } else {
                entry(names.pop());
            }
        }
    }

    private void entry(byte[] name) {
        try (Fd file = TreeCalls.openat(from, name, 0, OpenFlag.O_PATH)) {
            FileStatus status = FileCalls.fstat(file);
            if (status.is(FileType.S_IFDIR)) {
                enter(name);
            } else if (status.links() > 1) {
                link(file, status, name);
            } else {
                make(file, status, to, name);
            }
        }
    }

    private void enter(byte[] name) {
        if (levels.size() >= MOST_LEVELS) {
            throw new StorageException.NoCopy("directories are nested deeper than " + MOST_LEVELS);
        }
        TreeCalls.mkdirat(to, name, 0700);
        Fd innerFrom = directory(from, name);
        Fd innerTo = directory(to, name);
        from.close();
        to.close();
        from = innerFrom;
        to = innerTo;
        levels.push(new Level(from, to));
    }

    /** Attributes come last: what is made in a directory changes its time. */
    private void leave() {
        Level left = levels.pop();
        attributes(from, left.from, to);
        if (levels.isEmpty()) {
            return;
        }
        Fd outerFrom = directory(from, PARENT);
        Fd outerTo = directory(to, PARENT);
        from.close();
        to.close();
        from = outerFrom;
        to = outerTo;
        requireSame(levels.element().from, from);
        requireSame(levels.element().to, to);
    }

    private static void requireSame(FileStatus expected, Fd directory) {
        FileStatus found = FileCalls.fstat(directory);
        if (found.inode() != expected.inode() || !found.on().equals(expected.on())) {
            throw new StorageException.NoCopy("a directory was moved meanwhile");
        }
    }

    private static Fd directory(Fd parent, byte[] name) {
        return TreeCalls.openat(parent, name, 0, OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY);
    }

    /** The first of several names makes the file under its inode's number; that and every other name are links to it. */
    private void link(Fd file, FileStatus status, byte[] name) {
        byte[] number = Long.toUnsignedString(status.inode()).getBytes(StandardCharsets.US_ASCII);
        if (!PoolDirectories.has(links, Long.toUnsignedString(status.inode()))) {
            make(file, status, links, number);
        }
        TreeCalls.linkat(links, number, to, name);
    }

    private static void make(Fd file, FileStatus status, Fd directory, byte[] name) {
        if (status.is(FileType.S_IFREG)) {
            try (Fd content = TreeCalls.reopen(file, OpenFlag.O_RDONLY, OpenFlag.O_NONBLOCK);
                    Fd copy = TreeCalls.openat(
                            directory, name, 0600, OpenFlag.O_WRONLY, OpenFlag.O_CREAT, OpenFlag.O_EXCL)) {
                TreeCalls.copyContent(content, copy, status.size());
            }
        } else if (status.is(FileType.S_IFLNK)) {
            TreeCalls.symlinkat(TreeCalls.readlink(file), directory, name);
        } else {
            TreeCalls.mknodat(directory, name, status.mode(), status.rdev());
        }
        try (Fd copy = TreeCalls.openat(directory, name, 0, OpenFlag.O_PATH)) {
            attributes(file, status, copy);
        }
    }

    /** A new owner takes setuid and file capabilities away, so it comes first. */
    private static void attributes(Fd file, FileStatus status, Fd copy) {
        TreeCalls.setOwner(copy, status.uid(), status.gid());
        if (!status.is(FileType.S_IFLNK)) {
            TreeCalls.setMode(copy, status.permissions());
        }
        TreeCalls.attributes(file).forEach((name, value) -> TreeCalls.setAttribute(copy, name, value));
        TreeCalls.setTime(copy, status.modified());
    }

    private static void forget(Fd links) {
        List<byte[]> names = TreeCalls.names(links, 0).names();
        while (!names.isEmpty()) {
            names.forEach(name -> FileCalls.unlinkat(links, new String(name, StandardCharsets.US_ASCII)));
            names = TreeCalls.names(links, 0).names();
        }
    }
}
