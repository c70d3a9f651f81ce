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
 * The thread that waits for an answer, by its files in /proc: they stay this very thread's when it is gone and its number
 * is another's, so one look whether the call still waits, after they were opened or seen alive, covers all that is read and written
 * through them. Credentials and namespaces are a thread's own to change, which one that waits can't.
 */
final class CallerTask {
    private static final int NAME_BYTES = 32; // TASK_COMM_LEN is 16, include/linux/sched.h
    private static final int PATH_MAX = 4096; // include/uapi/linux/limits.h, with the NUL
    private static final int USUAL_STRING = 256; // most paths are shorter; what crosses a page is two pages to look up
    static final int AT_FDCWD = -100;

    private final Fd listener;
    private final Notification call;
    private final TaskFiles files;

    private CallerTask(Fd listener, Notification call, TaskFiles files) {
        this.listener = listener;
        this.call = call;
        this.files = files;
    }

    /**
     * @param last of the same listener
     * @throws SyscallException ESRCH when the caller has gone meanwhile; nobody is told then
     */
    static CallerTask open(Fd listener, Notification call, LastTask last) {
        TaskFiles files = last.turnTo(call.tid());
        if (NotifyCalls.isValid(listener, call.id())) {
            return new CallerTask(listener, call, files);
        }
        last.close();
        throw new SyscallException("open(/proc/" + call.tid() + ")", Errno.ESRCH);
    }

    /** As it named itself; what could not be printed is replaced. */
    String name() {
        try (Fd comm = FileCalls.openat(files.directory(), "comm", OpenFlag.O_RDONLY)) {
            return new String(FileCalls.read(comm, NAME_BYTES), ISO_8859_1)
                    .strip()
                    .replaceAll("[^\\x20-\\x7e]", "?");
        }
    }

    /** As {@link TaskFiles#userNamespace}. */
    String userNamespace() {
        return files.userNamespace();
    }

    Status status() {
        return Status.parse(files.status());
    }

    /** What it takes for /, and the directory that a relative path begins at, wherever that is by now. */
    Origin origin(boolean absolute, int dirfd) {
        Fd root = FileCalls.openat(files.directory(), "root", OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
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
                    files.directory(),
                    dirfd == AT_FDCWD ? "cwd" : "fd/" + dirfd,
                    OpenFlag.O_PATH,
                    OpenFlag.O_DIRECTORY);
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? new SyscallException("fd " + dirfd, Errno.EBADF) : e;
        }
    }

    /** Any file that it has open. */
    Fd file(int fd) {
        try {
            return FileCalls.openat(files.directory(), "fd/" + fd, OpenFlag.O_PATH);
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? new SyscallException("fd " + fd, Errno.EBADF) : e;
        }
    }

    /** @throws SyscallException EFAULT, or ENAMETOOLONG when there is no NUL in time */
    String string(long address, int most) {
        int first = Math.min(most, USUAL_STRING);
        byte[] bytes = memory(address, first);
        int end = end(bytes);
        if (end == first && first < most) {
            bytes = memory(address, most);
            end = end(bytes);
        }
        if (end < bytes.length) {
            return utf8(bytes, end);
        }
        throw new SyscallException("string", bytes.length < most ? Errno.EFAULT : Errno.ENAMETOOLONG);
    }

    /** Where the NUL is, or how many there are without one. */
    private static int end(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return end;
    }

    /** What is no UTF-8 is not emulated: the kernel's own answer is no. */
    private static String utf8(byte[] bytes, int end) {
        String text = new String(bytes, 0, end, UTF_8); // much faster than a decoder, and replaces what is wrong
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
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
        try (Fd memory = FileCalls.openat(files.directory(), "mem", OpenFlag.O_WRONLY)) {
            if (FileCalls.pwrite(memory, address, bytes) < bytes.length) {
                throw new SyscallException("memory", Errno.EFAULT);
            }
        } catch (SyscallException e) {
            throw e.errno() == Errno.EIO ? new SyscallException("memory", Errno.EFAULT) : e;
        }
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

        /** Fields in the order that the kernel writes them in, each looked for behind the one before: fs/proc/array.c. */
        static Status parse(String text) {
            var lines = new StatusLines(text);
            int umask = Integer.parseInt(lines.fields("\nUmask:")[0], 8);
            int uid = Integer.parseInt(lines.fields("\nUid:")[FS - 1]);
            int gid = Integer.parseInt(lines.fields("\nGid:")[FS - 1]);
            List<Integer> groups = numbers(lines.fields("\nGroups:"));
            String[] pids = lines.fields("\nNSpid:");
            long effective = Long.parseUnsignedLong(lines.fields("\nCapEff:")[0], 16);
            return new Status(uid, gid, groups, umask, effective, Integer.parseInt(pids[pids.length - 1]));
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
