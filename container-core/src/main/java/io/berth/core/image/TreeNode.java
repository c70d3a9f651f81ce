// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Constant;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.Flags;
import io.berth.core.linux.NativeBuffer;
import io.berth.core.linux.NativeMemory;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Sys;
import io.berth.core.linux.Syscall;
import io.berth.core.linux.SyscallException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A file, directory or link of a tree, opened without following it. Names are bytes: a file system knows no encoding. */
record TreeNode(Fd fd, FileStatus status) implements AutoCloseable {
    private static final int LIST_BYTES = 65536; // XATTR_LIST_MAX, XATTR_SIZE_MAX: include/uapi/linux/limits.h
    private static final int NAME_AT = 19; // struct linux_dirent64, include/linux/dirent.h
    private static final int LENGTH_AT = 16;

    static TreeNode at(Fd directory, byte[] name) {
        Fd fd = open(directory, name, OpenFlag.O_PATH);
        return new TreeNode(fd, FileCalls.fstat(fd));
    }

    static Fd open(Fd directory, byte[] name, OpenFlag... flags) {
        try (var memory = new NativeMemory()) {
            String text = new String(name, StandardCharsets.UTF_8);
            NativeBuffer path =
                    memory.bytes(Arrays.copyOf(name, name.length + 1)).named("'" + text + "'");
            Flags all = Flags.of(flags).with(OpenFlag.O_NOFOLLOW, OpenFlag.O_CLOEXEC);
            return Fd.adopt(Syscall.call(Sys.OPENAT, directory, path, all, 0), "'" + text + "'");
        }
    }

    /** The names in an open directory, ordered by their bytes. */
    static List<byte[]> names(Fd directory) {
        List<byte[]> names = new ArrayList<>();
        try (var memory = new NativeMemory()) {
            NativeBuffer buffer = memory.allocate(LIST_BYTES).named("entries");
            long length = Syscall.call(Sys.GETDENTS64, directory, buffer, buffer.size());
            while (length > 0) {
                for (int at = 0; at < length; at += buffer.getUnsignedShort(at + LENGTH_AT)) {
                    byte[] rest = buffer.getBytes(at + NAME_AT, buffer.getUnsignedShort(at + LENGTH_AT) - NAME_AT);
                    names.add(upToNul(rest));
                }
                length = Syscall.call(Sys.GETDENTS64, directory, buffer, buffer.size());
            }
        }
        names.removeIf(name -> Arrays.equals(name, new byte[] {'.'}) || Arrays.equals(name, new byte[] {'.', '.'}));
        names.sort(Arrays::compareUnsigned);
        return names;
    }

    byte[] linkTarget() {
        try (var memory = new NativeMemory()) {
            NativeBuffer target = memory.allocate(4096); // PATH_MAX
            long length = Syscall.call(Sys.READLINKAT, fd, memory.string(""), target, target.size());
            return target.getBytes(0, (int) length);
        }
    }

    /** Extended attributes by name, less the host's own SELinux label. */
    SortedMap<String, byte[]> attributes() {
        SortedMap<String, byte[]> attributes = new TreeMap<>();
        // f*xattr(2) take no O_PATH descriptor; its magic link leads to the very file, a symbolic link included
        String path = "/proc/self/fd/" + fd.number();
        try (var memory = new NativeMemory()) {
            NativeBuffer list = memory.allocate(LIST_BYTES).named("names");
            long length = orNone(Syscall.attempt(Sys.LISTXATTR, memory.string(path), list, list.size()));
            for (String name : split(list.getBytes(0, (int) length))) {
                if (!name.equals("security.selinux")) {
                    NativeBuffer value = memory.allocate(LIST_BYTES).named("value");
                    long size =
                            Syscall.call(Sys.GETXATTR, memory.string(path), memory.string(name), value, value.size());
                    attributes.put(name, value.getBytes(0, (int) size));
                }
            }
        }
        return attributes;
    }

    private long orNone(long result) {
        if (result == -Errno.EOPNOTSUPP.number()) {
            return 0;
        }
        if (result < 0) {
            throw new SyscallException("listxattr(" + fd + ")", Errno.of(-result));
        }
        return result;
    }

    private static List<String> split(byte[] nulTerminated) {
        return Arrays.stream(new String(nulTerminated, StandardCharsets.UTF_8).split("\0", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static byte[] upToNul(byte[] bytes) {
        int end = 0;
        while (bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    boolean is(Constant type) {
        return (status.mode() & 0170000) == type.value();
    }

    @Override
    public void close() {
        fd.close();
    }
}
