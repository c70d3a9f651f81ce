// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.AtFlag.AT_EMPTY_PATH;
import static io.berth.core.linux.MemfdFlag.MFD_ALLOW_SEALING;
import static io.berth.core.linux.MemfdFlag.MFD_CLOEXEC;
import static io.berth.core.linux.OpenFlag.O_CLOEXEC;
import static io.berth.core.linux.Syscall.call;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/** System calls on files, one wrapper each. Modes are octal as in chmod(2); a path is relative to the fd before it. */
public final class FileCalls {
    private static final int STATX_SIZE = 256;
    private static final int STATX_ALL = 0x1fff; // STATX_BASIC_STATS|BTIME|MNT_ID, include/uapi/linux/stat.h
    private static final int EFD_CLOEXEC = 02000000; // include/uapi/linux/eventfd.h
    private static final int CHUNK_BYTES = 65536;

    private FileCalls() {}

    public static Fd openat(String path, OpenFlag... flags) {
        return openat(Fd.AT_FDCWD, path, 0, flags);
    }

    public static Fd openat(Fd dir, String path, OpenFlag... flags) {
        return openat(dir, path, 0, flags);
    }

    /** @param mode of the file when O_CREAT makes it, less the umask */
    public static Fd openat(Fd dir, String path, int mode, OpenFlag... flags) {
        try (var memory = new NativeMemory()) {
            Flags all = Flags.of(flags).with(O_CLOEXEC);
            return Fd.adopt(call(Sys.OPENAT, dir, memory.string(path), all, new Mode(mode)), new Quoted(path));
        }
    }

    /** struct open_how, include/uapi/linux/openat2.h; see openat2(2). */
    public static Fd openat2(Fd dir, String path, int mode, Flags flags, ResolveFlag... resolve) {
        try (var memory = new NativeMemory()) {
            Flags all = flags.with(O_CLOEXEC);
            Flags how = Flags.of(resolve);
            NativeBuffer openHow = memory.longs(all.bits(), mode, how.bits()).named(new OpenHow(all, how));
            return Fd.adopt(call(Sys.OPENAT2, dir, memory.string(path), openHow, openHow.size()), new Quoted(path));
        }
    }

    private record OpenHow(Flags flags, Flags resolve) {
        @Override
        public String toString() {
            return "{" + flags + ", " + resolve + "}";
        }
    }

    /** @return at most {@code max} bytes, none at the end of the file */
    public static byte[] read(Fd fd, int max) {
        try (var memory = new NativeMemory()) {
            NativeBuffer buffer = memory.allocate(max);
            return buffer.getBytes(0, (int) call(Sys.READ, fd, buffer, max));
        }
    }

    /** Everything up to the end of the file. */
    public static byte[] readAll(Fd fd) {
        var all = new ByteArrayOutputStream();
        for (byte[] part = read(fd, CHUNK_BYTES); part.length > 0; part = read(fd, CHUNK_BYTES)) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** @return how many bytes went out, which may be fewer */
    public static int write(Fd fd, byte[] bytes) {
        try (var memory = new NativeMemory()) {
            return (int) call(Sys.WRITE, fd, memory.bytes(bytes), bytes.length);
        }
    }

    /** All bytes, in as many calls as it takes. Not for files of proc or cgroup, which take a whole value in one write. */
    public static void writeAll(Fd fd, byte[] bytes) {
        try (var memory = new NativeMemory()) {
            NativeBuffer buffer = memory.allocate(Math.min(bytes.length, CHUNK_BYTES));
            for (int done = 0; done < bytes.length; ) {
                int length = Math.min(bytes.length - done, CHUNK_BYTES);
                buffer.put(0, bytes, done, length);
                done += (int) call(Sys.WRITE, fd, buffer, length);
            }
        }
    }

    /** One write of the whole text to an existing file, as proc and cgroup files want it. */
    public static void writeFile(Fd dir, String path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Fd fd = openat(dir, path, OpenFlag.O_WRONLY);
                var memory = new NativeMemory()) {
            NativeBuffer value = memory.bytes(bytes).named("'" + text.strip() + "'");
            call(Sys.WRITE, fd, value, bytes.length);
        }
    }

    public static byte[] pread(Fd fd, long offset, int max) {
        try (var memory = new NativeMemory()) {
            NativeBuffer buffer = memory.allocate(max);
            return buffer.getBytes(0, (int) call(Sys.PREAD64, fd, buffer, max, offset));
        }
    }

    public static int pwrite(Fd fd, long offset, byte[] bytes) {
        try (var memory = new NativeMemory()) {
            return (int) call(Sys.PWRITE64, fd, memory.bytes(bytes), bytes.length, offset);
        }
    }

    public static void ftruncate(Fd fd, long length) {
        call(Sys.FTRUNCATE, fd, length);
    }

    public static Pipe pipe2(OpenFlag... flags) {
        try (var memory = new NativeMemory()) {
            NativeBuffer ends = memory.allocate(2 * Integer.BYTES).named("ends");
            call(Sys.PIPE2, ends, Flags.of(flags).with(O_CLOEXEC));
            return new Pipe(Fd.adopt(ends.getInt(0), "pipe's read end"), Fd.adopt(ends.getInt(4), "pipe's write end"));
        }
    }

    public static Fd eventfd(int count) {
        return Fd.adopt(call(Sys.EVENTFD2, count, EFD_CLOEXEC), "eventfd");
    }

    /** A file in memory that can be sealed. */
    public static Fd memfdCreate(String name, MemfdFlag... flags) {
        try (var memory = new NativeMemory()) {
            Flags all = Flags.of(flags).with(MFD_CLOEXEC, MFD_ALLOW_SEALING);
            return Fd.adopt(call(Sys.MEMFD_CREATE, memory.string(name), all), "memfd:" + name);
        }
    }

    public static void addSeals(Fd memfd, Seal... seals) {
        call(Sys.FCNTL, memfd, FcntlCommand.F_ADD_SEALS, Flags.of(seals));
    }

    public static Set<Seal> getSeals(Fd memfd) {
        long bits = call(Sys.FCNTL, memfd, FcntlCommand.F_GET_SEALS);
        Set<Seal> seals = EnumSet.allOf(Seal.class);
        seals.removeIf(seal -> (bits & seal.value()) == 0);
        return seals;
    }

    /** A sealed file in memory with this content: nobody can change it any more. */
    public static Fd sealedMemfd(String name, byte[] content) {
        Fd memfd = memfdCreate(name);
        try {
            writeAll(memfd, content);
            addSeals(memfd, Seal.F_SEAL_SEAL, Seal.F_SEAL_SHRINK, Seal.F_SEAL_GROW, Seal.F_SEAL_WRITE);
            return memfd;
        } catch (RuntimeException e) {
            memfd.close();
            throw e;
        }
    }

    public static FileStatus fstat(Fd fd) {
        return statx(fd, "", AT_EMPTY_PATH);
    }

    /** See statx(2), since Linux 4.11; a symbolic link is followed unless AT_SYMLINK_NOFOLLOW. */
    public static FileStatus statx(Fd dir, String path, AtFlag... flags) {
        try (var memory = new NativeMemory()) {
            NativeBuffer statx = memory.allocate(STATX_SIZE).named("statx");
            call(Sys.STATX, dir, memory.string(path), Flags.of(flags), STATX_ALL, statx);
            return FileStatus.of(statx);
        }
    }

    public static FilesystemStatus fstatfs(Fd fd) {
        try (var memory = new NativeMemory()) {
            NativeBuffer statfs = memory.allocate(FilesystemStatus.SIZE).named("statfs");
            call(Sys.FSTATFS, fd, statfs);
            return FilesystemStatus.of(statfs);
        }
    }

    public static void fchown(Fd fd, int uid, int gid) {
        call(Sys.FCHOWN, fd, uid, gid);
    }

    public static void fchownat(Fd dir, String path, int uid, int gid, AtFlag... flags) {
        try (var memory = new NativeMemory()) {
            call(Sys.FCHOWNAT, dir, memory.string(path), uid, gid, Flags.of(flags));
        }
    }

    public static void fchmod(Fd fd, int mode) {
        call(Sys.FCHMOD, fd, new Mode(mode));
    }

    /** Follows symbolic links: the system call has no flags. */
    public static void fchmodat(Fd dir, String path, int mode) {
        try (var memory = new NativeMemory()) {
            call(Sys.FCHMODAT, dir, memory.string(path), new Mode(mode));
        }
    }

    public static void mkdirat(Fd dir, String path, int mode) {
        try (var memory = new NativeMemory()) {
            call(Sys.MKDIRAT, dir, memory.string(path), new Mode(mode));
        }
    }

    /** @param mode permissions only; the type is separate */
    public static void mknodat(Fd dir, String path, FileType type, int mode, int major, int minor) {
        try (var memory = new NativeMemory()) {
            call(Sys.MKNODAT, dir, memory.string(path), Flags.of(type, new Mode(mode)), makedev(major, minor));
        }
    }

    /** As the kernel encodes it for user space: new_encode_dev, include/linux/kdev_t.h. */
    public static long makedev(int major, int minor) {
        return (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
    }

    public static void symlinkat(String target, Fd dir, String path) {
        try (var memory = new NativeMemory()) {
            call(Sys.SYMLINKAT, memory.string(target), dir, memory.string(path));
        }
    }

    public static String readlinkat(Fd dir, String path) {
        try (var memory = new NativeMemory()) {
            NativeBuffer target = memory.allocate(4096); // PATH_MAX
            int length = (int) call(Sys.READLINKAT, dir, memory.string(path), target, target.size());
            return new String(target.getBytes(0, length), StandardCharsets.UTF_8);
        }
    }

    public static void unlinkat(Fd dir, String path, AtFlag... flags) {
        try (var memory = new NativeMemory()) {
            call(Sys.UNLINKAT, dir, memory.string(path), Flags.of(flags));
        }
    }

    public static void renameat2(Fd fromDir, String from, Fd toDir, String to, RenameFlag... flags) {
        try (var memory = new NativeMemory()) {
            call(Sys.RENAMEAT2, fromDir, memory.string(from), toDir, memory.string(to), Flags.of(flags));
        }
    }

    /**
     * Sets an extended attribute of a file that may be open as O_PATH, which fsetxattr(2) refuses: through the link that proc has for the
     * descriptor, which leads to the very file.
     *
     * @param flags XATTR_CREATE or XATTR_REPLACE, as the caller of ours passed them
     */
    public static void setxattr(Fd file, String name, String value, int flags) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        try (var memory = new NativeMemory()) {
            NativeBuffer path = memory.string("/proc/thread-self/fd/" + file.number());
            call(Sys.SETXATTR, path, memory.string(name), memory.bytes(bytes), bytes.length, flags);
        }
    }

    public static void flock(Fd fd, LockOperation... operation) {
        call(Sys.FLOCK, fd, Flags.of(operation));
    }

    public static void fsync(Fd fd) {
        call(Sys.FSYNC, fd);
    }

    public static long ioctl(Fd fd, Ioctl request, long argument) {
        return call(Sys.IOCTL, fd, request, argument);
    }

    /** @param argument what the request reads and writes; at least as long as the request's struct */
    public static long ioctl(Fd fd, Ioctl request, byte[] argument) {
        try (var memory = new NativeMemory()) {
            NativeBuffer buffer = memory.bytes(argument);
            long result = call(Sys.IOCTL, fd, request, buffer);
            buffer.get(0, argument, 0, argument.length);
            return result;
        }
    }

    public static void setNonBlocking(Fd fd) {
        long flags = call(Sys.FCNTL, fd, FcntlCommand.F_GETFL);
        if ((flags & OpenFlag.O_NONBLOCK.value()) == 0) {
            call(Sys.FCNTL, fd, FcntlCommand.F_SETFL, flags | OpenFlag.O_NONBLOCK.value());
        }
    }

    /**
     * Lets a pipe hold more, where this host allows it: F_SETPIPE_SZ, pipe(7).
     *
     * @param bytes a power of two
     */
    public static void widen(Pipe pipe, int bytes) {
        Syscall.attempt(Sys.FCNTL, pipe.writeEnd(), FcntlCommand.F_SETPIPE_SZ, bytes);
    }
}
