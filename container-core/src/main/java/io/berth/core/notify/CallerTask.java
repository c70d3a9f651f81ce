// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.NotifyCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SyscallException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The thread that waits for an answer, by its directory in /proc: that stays this very thread's when it is gone and its number
 * is another's, so one look whether the call still waits, after the open, covers all that is read and written through it.
 */
final class CallerTask implements AutoCloseable {
    private static final int PATH_MAX = 4096; // include/uapi/linux/limits.h, with the NUL
    private static final int STATUS_BYTES = 8192; // about 1500 are usual; groups can make it longer
    static final int AT_FDCWD = -100;

    private final Fd listener;
    private final Notification call;
    private final Fd directory;

    private CallerTask(Fd listener, Notification call, Fd directory) {
        this.listener = listener;
        this.call = call;
        this.directory = directory;
    }

    /** @throws SyscallException ESRCH when the caller has gone meanwhile; nobody is told then */
    static CallerTask open(Fd listener, Notification call) {
        Fd directory = FileCalls.openat("/proc/" + call.tid(), OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
        if (NotifyCalls.isValid(listener, call.id())) {
            return new CallerTask(listener, call, directory);
        }
        directory.close();
        throw new SyscallException("open(/proc/" + call.tid() + ")", Errno.ESRCH);
    }

    /** As it named itself; what could not be printed is replaced. */
    String name() {
        return new String(read("comm", 32), ISO_8859_1).strip().replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** The id of its user namespace. */
    long userNamespace() {
        return FileCalls.statx(directory, "ns/user").inode();
    }

    Status status() {
        return Status.parse(new String(read("status", STATUS_BYTES), ISO_8859_1));
    }

    private byte[] read(String file, int most) {
        try (Fd fd = FileCalls.openat(directory, file, OpenFlag.O_RDONLY)) {
            return FileCalls.read(fd, most);
        }
    }

    /** What it takes for /, and the directory that a relative path begins at, wherever that is by now. */
    Origin origin(boolean absolute, int dirfd) {
        Fd root = FileCalls.openat(directory, "root", OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
        try {
            return new Origin(root, absolute ? null : base(dirfd));
        } catch (RuntimeException e) {
            root.close();
            throw e;
        }
    }

    private Fd base(int dirfd) {
        try {
            return FileCalls.openat(
                    directory, dirfd == AT_FDCWD ? "cwd" : "fd/" + dirfd, OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? new SyscallException("fd " + dirfd, Errno.EBADF) : e;
        }
    }

    /** Any file that it has open. */
    Fd file(int fd) {
        try {
            return FileCalls.openat(directory, "fd/" + fd, OpenFlag.O_PATH);
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? new SyscallException("fd " + fd, Errno.EBADF) : e;
        }
    }

    /** @throws SyscallException EFAULT, or ENAMETOOLONG when there is no NUL in time */
    String string(long address, int most) {
        byte[] bytes = memory(address, most);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        if (end < bytes.length) {
            return utf8(bytes, end);
        }
        throw new SyscallException("string", bytes.length < most ? Errno.EFAULT : Errno.ENAMETOOLONG);
    }

    /** What is no UTF-8 is not emulated: the kernel's own answer is no. */
    private static String utf8(byte[] bytes, int end) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end)).toString();
        } catch (CharacterCodingException e) {
            throw new SyscallException("string", Errno.EPERM, "is no UTF-8");
        }
    }

    String path(long address) {
        return string(address, PATH_MAX);
    }

    /**
     * Fewer than {@code most} where its memory ends before. By its number, which costs a third of going through /proc, and so with
     * another look afterwards whether the number was still its own.
     */
    byte[] memory(long address, int most) {
        byte[] bytes = ProcessCalls.processVmReadv(call.tid(), address, most);
        requireWaiting();
        return bytes;
    }

    private void requireWaiting() {
        if (!NotifyCalls.isValid(listener, call.id())) {
            throw new SyscallException("read memory of " + call.tid(), Errno.ESRCH);
        }
    }

    /** Through /proc: a number may become another's before a write, and a look afterwards is too late. */
    void write(long address, byte[] bytes) {
        try (Fd memory = FileCalls.openat(directory, "mem", OpenFlag.O_WRONLY)) {
            if (FileCalls.pwrite(memory, address, bytes) < bytes.length) {
                throw new SyscallException("memory", Errno.EFAULT);
            }
        } catch (SyscallException e) {
            throw e.errno() == Errno.EIO ? new SyscallException("memory", Errno.EFAULT) : e;
        }
    }

    @Override
    public void close() {
        directory.close();
    }

    /**
     * Where its paths begin.
     *
     * @param base null when the path is absolute
     */
    record Origin(Fd root, @Nullable Fd base) implements AutoCloseable {
        @Override
        public void close() {
            root.close();
            if (base != null) {
                base.close();
            }
        }
    }

    /**
     * Lines of /proc/PID/status; ids are the host's.
     *
     * @param uid its fsuid
     * @param gid its fsgid
     * @param effective capabilities, a bit each, in its own user namespace
     * @param innermostTid its number in its own pid namespace
     */
    record Status(int uid, int gid, List<Integer> groups, int umask, long effective, int innermostTid) {
        private static final int FS = 4; // real, effective, saved, filesystem

        static Status parse(String text) {
            String[] pids = fields(text, "\nNSpid:");
            return new Status(
                    Integer.parseInt(fields(text, "\nUid:")[FS - 1]),
                    Integer.parseInt(fields(text, "\nGid:")[FS - 1]),
                    numbers(fields(text, "\nGroups:")),
                    Integer.parseInt(fields(text, "\nUmask:")[0], 8),
                    Long.parseUnsignedLong(fields(text, "\nCapEff:")[0], 16),
                    Integer.parseInt(pids[pids.length - 1]));
        }

        /** The name line comes first and a tenant chooses it, but the kernel escapes its newlines, so no other line can be forged. */
        private static String[] fields(String text, String key) {
            int begin = text.indexOf(key);
            int end = begin < 0 ? -1 : text.indexOf('\n', begin + key.length());
            if (end < 0) {
                throw new SyscallException("no" + key + " in /proc/PID/status", Errno.EPERM);
            }
            // a tab after the colon and between fields, a blank between groups; one character splits without an
            // expression
            return text.substring(begin + key.length(), end)
                    .strip()
                    .replace('\t', ' ')
                    .split(" ", -1);
        }

        private static List<Integer> numbers(String[] fields) {
            List<Integer> numbers = new ArrayList<>();
            for (String field : fields) {
                if (!field.isEmpty()) {
                    numbers.add(Integer.parseInt(field));
                }
            }
            return numbers;
        }

        boolean has(int capability) {
            return (effective >>> capability & 1) != 0;
        }
    }
}
