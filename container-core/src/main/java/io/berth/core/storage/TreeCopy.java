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
import java.util.Deque;
import java.util.List;

/**
 * Copies a tree that a tenant filled, as it is on disk: owners, modes, times, holes, links, devices, extended attributes. Everything
 * is opened by a single name relative to an open directory, without following it, so no name or link of the tenant's leads
 * anywhere; and neither depth nor number of files costs memory or descriptors beyond a bound. Nobody may change the tree meanwhile.
 */
final class TreeCopy {
    private static final String LINKS = "links";

    private final Descent descent;
    private final Fd links;

    private TreeCopy(Descent descent, Fd links) {
        this.descent = descent;
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
            try (Descent descent = new Descent(from, to)) {
                new TreeCopy(descent, links).run();
            }
            forget(links);
        }
        FileCalls.unlinkat(scratch, LINKS, AtFlag.AT_REMOVEDIR);
    }

    private void run() {
        while (!descent.isOver()) {
            Deque<byte[]> names = descent.here().names();
            if (names.isEmpty()) {
                leave();
            } else {
                entry(names.pop());
            }
        }
    }

    private void entry(byte[] name) {
        Fd to = descent.here().to();
        try (Fd file = TreeCalls.openat(descent.here().from(), name, 0, OpenFlag.O_PATH)) {
            FileStatus status = FileCalls.fstat(file);
            if (status.is(FileType.S_IFDIR)) {
                TreeCalls.mkdirat(to, name, 0700);
                descent.enter(name);
            } else if (status.links() > 1) {
                link(file, status, name);
            } else {
                make(file, status, to, name);
            }
        }
    }

    /** Attributes come last: what is made in a directory changes its time. */
    private void leave() {
        Descent.Level left = descent.here();
        attributes(left.from(), left.status(), left.to());
        descent.leave();
    }

    /** The first of several names makes the file under its inode's number; that and every other name are links to it. */
    private void link(Fd file, FileStatus status, byte[] name) {
        byte[] number = Long.toUnsignedString(status.inode()).getBytes(StandardCharsets.US_ASCII);
        if (!PoolDirectories.has(links, Long.toUnsignedString(status.inode()))) {
            make(file, status, links, number);
        }
        TreeCalls.linkat(links, number, descent.here().to(), name);
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
        TreeCalls.forEachAttribute(file, (name, value) -> TreeCalls.setAttribute(copy, name, value));
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
