// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import static io.berth.core.linux.OpenFlag.O_DIRECTORY;
import static io.berth.core.linux.OpenFlag.O_NOFOLLOW;
import static io.berth.core.linux.OpenFlag.O_PATH;
import static io.berth.core.linux.OpenFlag.O_RDONLY;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.PollCalls.Interest;
import io.berth.core.linux.PollEvent;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** An open directory of cgroupfs; names are relative to it. */
final class CgroupDirectory implements AutoCloseable {
    private static final int MAX_VALUE_BYTES = 4096;
    private static final Set<PollEvent> CHANGED = Set.of(PollEvent.POLLPRI);

    private final Fd fd;

    /** Takes the fd over, unless this is never closed. */
    CgroupDirectory(Fd fd) {
        this.fd = fd;
    }

    static CgroupDirectory open(Path path) {
        return new CgroupDirectory(FileCalls.openat(path.toString(), O_PATH, O_DIRECTORY, O_NOFOLLOW));
    }

    static Optional<CgroupDirectory> openIfPresent(Path path) {
        try {
            return Optional.of(open(path));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    CgroupDirectory child(String name) {
        return new CgroupDirectory(FileCalls.openat(fd, name, O_PATH, O_DIRECTORY, O_NOFOLLOW));
    }

    /** For O_PATH uses; closed together with this. Whoever hands it out doesn't close this. */
    Fd fd() {
        return fd;
    }

    void write(String file, String value) {
        FileCalls.writeFile(fd, file, value);
    }

    /** Without surrounding blanks. */
    String read(String file) {
        try (Fd open = FileCalls.openat(fd, file, O_RDONLY)) {
            return text(FileCalls.readAll(open));
        }
    }

    /** The number after a key in a file of "key number" lines. */
    long read(String file, String key) {
        return value(read(file), key);
    }

    private static long value(String lines, String key) {
        return lines.lines()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new CgroupException("no '" + key + "' in '" + lines + "'"));
    }

    /**
     * Waits until cgroup.events says so; the kernel wakes pollers at every change (cgroup-v2.rst, "cgroup.events").
     *
     * @return false after the timeout
     */
    boolean awaitEvent(String key, boolean wanted, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Fd events = FileCalls.openat(fd, "cgroup.events", O_RDONLY)) {
            // the read tells kernfs what was seen, so a change between read and poll is not lost
            while (value(text(FileCalls.pread(events, 0, MAX_VALUE_BYTES)), key) != (wanted ? 1 : 0)) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative()) {
                    return false;
                }
                PollCalls.ppoll(left, new Interest(events, CHANGED));
            }
            return true;
        }
    }

    /** Ends every process that is in this cgroup alone, and waits for their end. For v1, which has no cgroup.kill. */
    void killProcesses(Duration timeout) {
        for (String pid : read("cgroup.procs").lines().toList()) {
            kill(Integer.parseInt(pid), timeout);
        }
    }

    private void kill(int pid, Duration timeout) {
        try (Fd pidfd = ProcessCalls.pidfdOpen(pid)) {
            // read again: by now the pid could be another process's, but from here on the pidfd can't
            if (read("cgroup.procs").lines().anyMatch(Integer.toString(pid)::equals)) {
                ProcessCalls.pidfdSendSignal(pidfd, Signal.SIGKILL);
                PollCalls.awaitReadable(pidfd, timeout);
            }
        } catch (SyscallException e) {
            if (e.errno() != Errno.ESRCH && e.errno() != Errno.EINVAL) { // gone, or a thread of a leader that is gone
                throw e;
            }
        }
    }

    /** Removes a child with everything below it; one that is gone already is as good. */
    void removeTree(String name) {
        ignoringAbsence(() -> {
            try (CgroupDirectory child = child(name)) {
                child.children().forEach(child::removeTree);
            }
            FileCalls.unlinkat(fd, name, AtFlag.AT_REMOVEDIR);
        });
    }

    /** @return whether it is gone; not while it has processes or children */
    boolean removeIfEmpty(String name) {
        try {
            FileCalls.unlinkat(fd, name, AtFlag.AT_REMOVEDIR);
            return true;
        } catch (SyscallException e) {
            return switch (e.errno()) {
                case ENOENT -> true;
                case EBUSY, ENOTEMPTY -> false;
                default -> throw e;
            };
        }
    }

    private static void ignoringAbsence(Runnable removal) {
        try {
            removal.run();
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    /** The names of the cgroups right below. */
    List<String> children() {
        // the directory that is open, whatever its path leads to by now; getdents64 has no wrapper of its own
        Path here = Path.of("/proc/self/fd/" + fd.number() + "/.");
        try (Stream<Path> entries = Files.list(here)) {
            return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list " + fd, e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        fd.close();
    }
}
