// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.call;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * System calls for trees that others filled: a name is one component and bytes, as a file system knows no encoding; nothing is
 * followed; and what was opened with O_PATH is worked on through its descriptor.
 */
public final class TreeCalls {
    private static final int LIST_BYTES = 65536; // XATTR_LIST_MAX, XATTR_SIZE_MAX: include/uapi/linux/limits.h
    private static final int BATCH_BYTES = 4096; // what a walk holds of each level above it
    private static final int OFFSET_AT = 8; // struct linux_dirent64, include/linux/dirent.h
    private static final int LENGTH_AT = 16;
    private static final int NAME_AT = 19;
    private static final int SEEK_SET = 0;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final byte[] SELF = {'.'};
    private static final byte[] PARENT = {'.', '.'};

    private TreeCalls() {}

    public static Fd openat(Fd directory, byte[] name, int mode, OpenFlag... flags) {
        try (var memory = new NativeMemory()) {
            Flags all = Flags.of(flags).with(OpenFlag.O_NOFOLLOW, OpenFlag.O_CLOEXEC);
            return Fd.adopt(call(Sys.OPENAT, directory, path(memory, name), all, new Mode(mode)), text(name));
        }
    }

    /** The very file that an O_PATH descriptor stands for, opened anew: the descriptor's magic link leads nowhere else. */
    public static Fd reopen(Fd path, OpenFlag... flags) {
        return FileCalls.openat(Fd.AT_FDCWD, magic(path), 0, flags);
    }

    /**
     * Some names of a directory, and where the next call goes on.
     *
     * @param next for {@link #names(Fd, long)}
     */
    public record Batch(List<byte[]> names, long next) {
        public Batch {
            names = List.copyOf(names);
        }
    }

    /** @param from 0, or an earlier batch's next; no names come at the end */
    public static Batch names(Fd directory, long from) {
        try (var memory = new NativeMemory()) {
            NativeBuffer buffer = memory.allocate(BATCH_BYTES).named("entries");
            call(Sys.LSEEK, directory, from, SEEK_SET);
            List<byte[]> names = new ArrayList<>();
            long next = from;
            long length;
            do { // a batch of nothing but . and .. is not the end
                length = call(Sys.GETDENTS64, directory, buffer, buffer.size());
                for (int at = 0; at < length; at += buffer.getUnsignedShort(at + LENGTH_AT)) {
                    next = buffer.getLong(at + OFFSET_AT);
                    names.add(
                            upToNul(buffer.getBytes(at + NAME_AT, buffer.getUnsignedShort(at + LENGTH_AT) - NAME_AT)));
                }
                names.removeIf(name -> Arrays.equals(name, SELF) || Arrays.equals(name, PARENT));
            } while (length > 0 && names.isEmpty());
            return new Batch(names, next);
        }
    }

    private static byte[] upToNul(byte[] bytes) {
        int end = 0;
        while (bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    public static void mkdirat(Fd directory, byte[] name, int mode) {
        try (var memory = new NativeMemory()) {
            call(Sys.MKDIRAT, directory, path(memory, name), new Mode(mode));
        }
    }

    /** @param typeAndMode as a status has them */
    public static void mknodat(Fd directory, byte[] name, int typeAndMode, FileStatus.Device device) {
        try (var memory = new NativeMemory()) {
            long number = FileCalls.makedev(device.major(), device.minor());
            call(Sys.MKNODAT, directory, path(memory, name), typeAndMode, number);
        }
    }

    public static void symlinkat(byte[] target, Fd directory, byte[] name) {
        try (var memory = new NativeMemory()) {
            call(Sys.SYMLINKAT, path(memory, target), directory, path(memory, name));
        }
    }

    public static void linkat(Fd fromDirectory, byte[] from, Fd toDirectory, byte[] to) {
        try (var memory = new NativeMemory()) {
            call(Sys.LINKAT, fromDirectory, path(memory, from), toDirectory, path(memory, to), 0);
        }
    }

    /** What a symbolic link that was opened with O_PATH says. */
    public static byte[] readlink(Fd link) {
        try (var memory = new NativeMemory()) {
            NativeBuffer target = memory.allocate(4096); // PATH_MAX
            return target.getBytes(0, (int) call(Sys.READLINKAT, link, memory.string(""), target, target.size()));
        }
    }

    /**
     * Extended attributes by name; none where the file system has none. A name is bytes, as a file's is: one character stands for each
     * (ISO 8859-1), so that every name comes back as it was.
     */
    public static SortedMap<String, byte[]> attributes(Fd file) {
        var attributes = new TreeMap<String, byte[]>();
        forEachAttribute(file, attributes::put);
        return attributes;
    }

    /** As {@link #attributes}, one at a time: all of a file's may be more than fits in memory, 64 KiB each and thousands of them. */
    public static void forEachAttribute(Fd file, BiConsumer<String, byte[]> action) {
        try (var memory = new NativeMemory()) {
            // f*xattr(2) take no O_PATH descriptor; its magic link leads to the very file, a symbolic link included
            NativeBuffer path = memory.string(magic(file));
            NativeBuffer list = memory.allocate(LIST_BYTES).named("names");
            long length = Syscall.attempt(Sys.LISTXATTR, path, list, list.size());
            if (length < 0 && length != -Errno.EOPNOTSUPP.number()) {
                throw new SyscallException("listxattr(" + file + ")", Errno.of(-length));
            }
            NativeBuffer value = memory.allocate(LIST_BYTES).named("value");
            for (String name : split(list.getBytes(0, (int) Math.max(0, length)))) {
                try (var names = new NativeMemory()) {
                    long size = call(Sys.GETXATTR, path, attribute(names, name), value, value.size());
                    action.accept(name, value.getBytes(0, (int) size));
                }
            }
        }
    }

    private static List<String> split(byte[] nulTerminated) {
        return Arrays.stream(new String(nulTerminated, StandardCharsets.ISO_8859_1).split("\0", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static NativeBuffer attribute(NativeMemory memory, String name) {
        return path(memory, name.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @param name as {@link #attributes} has it */
    public static void setAttribute(Fd file, String name, byte[] value) {
        try (var memory = new NativeMemory()) {
            call(
                    Sys.SETXATTR,
                    memory.string(magic(file)),
                    attribute(memory, name),
                    memory.bytes(value),
                    value.length,
                    0);
        }
    }

    public static void setOwner(Fd file, int uid, int gid) {
        FileCalls.fchownat(file, "", uid, gid, AtFlag.AT_EMPTY_PATH);
    }

    /** Not for a symbolic link, which has none of its own. */
    public static void setMode(Fd file, int mode) {
        FileCalls.fchmodat(Fd.AT_FDCWD, magic(file), mode);
    }

    /** Both times; AT_EMPTY_PATH since Linux 5.8. */
    public static void setTime(Fd file, Instant time) {
        try (var memory = new NativeMemory()) {
            NativeBuffer times =
                    memory.longs(time.getEpochSecond(), time.getNano(), time.getEpochSecond(), time.getNano());
            call(Sys.UTIMENSAT, file, memory.string(""), times, Flags.of(AtFlag.AT_EMPTY_PATH));
        }
    }

    /** A file's content with its holes, and shared with it where the file system can. */
    public static void copyContent(Fd from, Fd to, long size) {
        long shared = Syscall.attempt(Sys.IOCTL, to, Ioctl.FICLONE, from.number());
        if (shared >= 0) {
            return;
        }
        FileCalls.ftruncate(to, size);
        for (long data = seek(from, 0, SEEK_DATA); data >= 0 && data < size; ) {
            long end = Math.min(size, seek(from, data, SEEK_HOLE));
            copyRange(from, to, data, end);
            data = end >= size ? size : seek(from, end, SEEK_DATA);
        }
    }

    /** @return negative where nothing follows but a hole: ENXIO */
    private static long seek(Fd file, long offset, int whence) {
        long found = Syscall.attempt(Sys.LSEEK, file, offset, whence);
        if (found < 0 && found != -Errno.ENXIO.number()) {
            throw new SyscallException("lseek(" + file + ", " + offset + ")", Errno.of(-found));
        }
        return found;
    }

    private static void copyRange(Fd from, Fd to, long start, long end) {
        try (var memory = new NativeMemory()) {
            NativeBuffer in = memory.longs(start);
            NativeBuffer out = memory.longs(start);
            while (in.getLong(0) < end) {
                if (call(Sys.COPY_FILE_RANGE, from, in, to, out, end - in.getLong(0), 0) == 0) {
                    return; // it became shorter meanwhile
                }
            }
        }
    }

    private static String magic(Fd file) {
        return "/proc/self/fd/" + file.number();
    }

    private static NativeBuffer path(NativeMemory memory, byte[] name) {
        return memory.bytes(Arrays.copyOf(name, name.length + 1)).named(text(name));
    }

    private static String text(byte[] name) {
        return "'" + new String(name, StandardCharsets.UTF_8) + "'";
    }
}
