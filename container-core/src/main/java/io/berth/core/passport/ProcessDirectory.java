// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.SyscallException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * One process's directory in /proc, open, and surely that process's. Only files whose names are the kernel's are opened in it;
 * links that a tenant decides about (fd, root, exe, cwd) are read and never followed.
 */
final class ProcessDirectory implements AutoCloseable {
    private static final int CHUNK = 65_536;

    private final Fd proc;

    private ProcessDirectory(Fd proc) {
        this.proc = proc;
    }

    /**
     * An open /proc/PID stays its process's: the inode holds its struct pid (fs/proc/base.c). That it was not a later one's from the
     * beginning is sure when the process that the pidfd stands for is alive afterwards.
     *
     * @throws ProcessEndedException when it has ended
     */
    static ProcessDirectory open(int pid, Fd pidfd) {
        try {
            var directory = new ProcessDirectory(
                    FileCalls.openat("/proc/" + pid, OpenFlag.O_PATH, OpenFlag.O_DIRECTORY, OpenFlag.O_NOFOLLOW));
            if (PollCalls.awaitReadable(pidfd, Duration.ZERO)) {
                directory.close();
                throw new ProcessEndedException("process " + pid + " has ended", null);
            }
            return directory;
        } catch (SyscallException e) {
            throw e.errno() == Errno.ENOENT ? new ProcessEndedException("process " + pid + " has ended", e) : e;
        }
    }

    /** For this process itself. */
    static ProcessDirectory self() {
        return new ProcessDirectory(FileCalls.openat("/proc/self", OpenFlag.O_PATH, OpenFlag.O_DIRECTORY));
    }

    /** @param most bytes; what follows is left out */
    String read(String file, int most) {
        try (Fd fd = FileCalls.openat(proc, file, OpenFlag.O_RDONLY)) {
            var all = new ByteArrayOutputStream();
            byte[] part = FileCalls.read(fd, CHUNK);
            while (part.length > 0 && all.size() < most) {
                all.writeBytes(part);
                part = FileCalls.read(fd, CHUNK);
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    /** Empty where the kernel has no security module that labels: EINVAL, security_getprocattr() in security/security.c. */
    String label() {
        try {
            String label = read("attr/current", CHUNK);
            int nul = label.indexOf('\0');
            return (nul < 0 ? label : label.substring(0, nul)).strip();
        } catch (SyscallException e) {
            if (e.errno() == Errno.EINVAL || e.errno() == Errno.ENOENT || e.errno() == Errno.EOPNOTSUPP) {
                return "";
            }
            throw e;
        }
    }

    /** {@code mnt:[4026531841]} of a namespace's link, which is the kernel's and no path. */
    long inode(String namespace) {
        String link = FileCalls.readlinkat(proc, "ns/" + namespace);
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    }

    Facts.Namespace namespace(String type) {
        boolean isUser = type.equals("user");
        try (Fd namespace = openNamespace(type);
                Fd owner = Fd.adopt(
                        FileCalls.ioctl(namespace, isUser ? Ioctl.NS_GET_PARENT : Ioctl.NS_GET_USERNS, 0), "owner")) {
            return new Facts.Namespace(
                    FileCalls.fstat(namespace).inode(),
                    FileCalls.fstat(owner).inode(),
                    isUser ? ownerUid(namespace) : -1);
        }
    }

    /** The link is the kernel's own and leads to the namespace, not to a file of anybody's. */
    Fd openNamespace(String type) {
        return FileCalls.openat(proc, "ns/" + type, OpenFlag.O_RDONLY);
    }

    private static long ownerUid(Fd userNamespace) {
        byte[] uid = new byte[Integer.BYTES];
        FileCalls.ioctl(userNamespace, Ioctl.NS_GET_OWNER_UID, uid);
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(uid).order(ByteOrder.nativeOrder()).getInt());
    }

    /** The lowest numbers of open files. */
    List<Integer> openFiles(int most) {
        try (Fd directory = FileCalls.openat(proc, "fd", OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY);
                // the directory that is open; getdents64 has no wrapper of its own
                Stream<Path> entries = Files.list(Path.of("/proc/self/fd/" + directory.number() + "/."))) {
            return entries.limit(most)
                    .map(entry -> Integer.valueOf(entry.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the open files of " + proc, e);
        }
    }

    /** What an open file leads to; not followed. */
    String target(int number) {
        return FileCalls.readlinkat(proc, "fd/" + number);
    }

    /** fdinfo's mnt_id, among its first lines: proc_pid_fdinfo(5). */
    int mountOf(int number) {
        try (Fd fd = FileCalls.openat(proc, "fdinfo/" + number, OpenFlag.O_RDONLY)) {
            return new String(FileCalls.read(fd, 512), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith("mnt_id:"))
                    .map(line ->
                            Integer.parseInt(line.substring("mnt_id:".length()).strip()))
                    .findFirst()
                    .orElse(-1);
        }
    }

    @Override
    public void close() {
        proc.close();
    }
}
