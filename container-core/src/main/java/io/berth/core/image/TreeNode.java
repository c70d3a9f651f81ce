// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Constant;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.TreeCalls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/** A file, directory or link of a tree, opened without following it. Names are bytes: a file system knows no encoding. */
record TreeNode(Fd fd, FileStatus status) implements AutoCloseable {
    static TreeNode at(Fd directory, byte[] name) {
        Fd fd = open(directory, name, OpenFlag.O_PATH);
        return new TreeNode(fd, FileCalls.fstat(fd));
    }

    static Fd open(Fd directory, byte[] name, OpenFlag... flags) {
        return TreeCalls.openat(directory, name, 0, flags);
    }

    /** The names in an open directory, ordered by their bytes. */
    static List<byte[]> names(Fd directory) {
        List<byte[]> names = new ArrayList<>();
        TreeCalls.Batch batch = TreeCalls.names(directory, 0);
        while (!batch.names().isEmpty()) {
            names.addAll(batch.names());
            batch = TreeCalls.names(directory, batch.next());
        }
        names.sort(Arrays::compareUnsigned);
        return names;
    }

    byte[] linkTarget() {
        return TreeCalls.readlink(fd);
    }

    /** Extended attributes by name, less the host's own SELinux label. */
    SortedMap<String, byte[]> attributes() {
        SortedMap<String, byte[]> attributes = TreeCalls.attributes(fd);
        attributes.remove("security.selinux");
        return attributes;
    }

    boolean is(Constant type) {
        return (status.mode() & 0170000) == type.value();
    }

    @Override
    public void close() {
        fd.close();
    }
}
