// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.TreeCalls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link TreeCopy} is: the directories from the top down to the one that it copies, on both sides. Nothing is reached by "..",
 * which leads wherever somebody has moved the directory: the nearest levels stay open, of those above every so many, and what was closed
 * is opened again by its name from there, and compared with what it was.
 */
final class Descent implements AutoCloseable {
    /** Each level above costs a few kilobytes. No program of a distribution's nests deeper than some dozens. */
    private static final int MOST_LEVELS = 8192;

    /** With both sides, at most four times this and 2 * 8192 / 64 descriptors are open. */
    private static final int NEAR = 64;

    /** A directory on the way, and what is left to do in it. */
    static final class Level {
        private final byte[] name;
        private final FileStatus fromStatus;
        private final FileStatus toStatus;
        private final Deque<byte[]> names = new ArrayDeque<>();
        private long next;
        private @Nullable Fd from;
        private @Nullable Fd to;

        private Level(byte[] name, Fd from, Fd to) {
            this.name = name;
            this.from = from;
            this.to = to;
            this.fromStatus = FileCalls.fstat(from);
            this.toStatus = FileCalls.fstat(to);
        }

        Fd from() {
            return open(from);
        }

        Fd to() {
            return open(to);
        }

        private static Fd open(@Nullable Fd fd) {
            if (fd == null) {
                throw new IllegalStateException("this level was closed");
            }
            return fd;
        }

        FileStatus status() {
            return fromStatus;
        }

        /** Empty at the end. */
        Deque<byte[]> names() {
            if (names.isEmpty()) {
                TreeCalls.Batch batch = TreeCalls.names(from(), next);
                names.addAll(batch.names());
                next = batch.next();
            }
            return names;
        }

        private boolean isOpen() {
            return from != null;
        }

        private void close() {
            if (from != null) {
                from.close();
                from = null;
            }
            if (to != null) {
                to.close();
                to = null;
            }
        }
    }

    private final List<Level> levels = new ArrayList<>();

    /** The caller keeps both. */
    Descent(Fd from, Fd to) {
        levels.add(new Level(new byte[0], from.dup(), to.dup()));
    }

    boolean isOver() {
        return levels.isEmpty();
    }

    Level here() {
        return levels.getLast();
    }

    /** Goes into a directory that both sides have. */
    void enter(byte[] name) {
        if (levels.size() >= MOST_LEVELS) {
            throw new StorageException.NoCopy("directories are nested deeper than " + MOST_LEVELS);
        }
        Fd from = directory(here().from(), name);
        try {
            levels.add(new Level(name, from, directory(here().to(), name)));
        } catch (RuntimeException e) {
            from.close();
            throw e;
        }
        int far = levels.size() - 1 - NEAR;
        if (far >= 0 && far % NEAR != 0) {
            levels.get(far).close();
        }
    }

    /** Goes back to the directory above. */
    void leave() {
        levels.removeLast().close();
        if (!levels.isEmpty() && !here().isOpen()) {
            int open = levels.size() - 1;
            while (!levels.get(open).isOpen()) { // the top is
                open--;
            }
            for (int i = open + 1; i < levels.size(); i++) {
                reopen(levels.get(i - 1), levels.get(i));
            }
        }
    }

    private static void reopen(Level above, Level level) {
        level.from = directory(above.from(), level.name);
        level.to = directory(above.to(), level.name);
        requireSame(level.fromStatus, level.from);
        requireSame(level.toStatus, level.to);
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

    @Override
    public void close() {
        levels.forEach(Level::close);
    }
}
