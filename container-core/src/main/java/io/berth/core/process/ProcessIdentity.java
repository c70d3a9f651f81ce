// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process beyond its pid, so that a reused pid is never taken for it.
 *
 * @param pid in the host's numbering
 * @param startTime field 22 of /proc/pid/stat, in clock ticks since boot
 * @param pidfdInode inode of its pidfd; unique until the next boot where pidfs exists (since Linux 6.9), else the same for all
 * @param bootId /proc/sys/kernel/random/boot_id when it was started
 */
public record ProcessIdentity(int pid, long startTime, long pidfdInode, String bootId) {
    private static final int FIELDS_BEFORE_START_TIME =
            19; // counted from the state, which follows the parenthesised name

    /** The identity of a living process, or of a child that was not reaped yet. */
    public static ProcessIdentity of(int pid, Fd pidfd) {
        return new ProcessIdentity(
                pid, readStartTime(pid), FileCalls.fstat(pidfd).inode(), readBootId());
    }

    /** Its pidfd, if the very same process still exists. */
    public Optional<Fd> open() {
        if (!bootId.equals(readBootId())) {
            return Optional.empty();
        }
        Fd pidfd;
        try {
            pidfd = ProcessCalls.pidfdOpen(pid);
        } catch (SyscallException e) {
            return Optional.empty(); // ESRCH: it has ended
        }
        try {
            if (of(pid, pidfd).equals(this)) {
                return Optional.of(pidfd);
            }
        } catch (UncheckedIOException e) {
            pidfd.close(); // it ended between the two calls
            return Optional.empty();
        }
        pidfd.close();
        return Optional.empty();
    }

    private static long readStartTime(int pid) {
        Path stat = Path.of("/proc", Integer.toString(pid), "stat");
        String text = read(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[FIELDS_BEFORE_START_TIME]);
    }

    private static String readBootId() {
        return read(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("the process behind " + file + " has ended", e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
