// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.cgroup.CgroupStep.Write;
import io.berth.core.cgroup.CgroupStep.WriteIfPresent;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A limit as its control file tells it.
 *
 * @param file its name
 * @param found what it says
 * @param expected what was written at the container's birth or last change
 * @param holds whether the two are the same limit
 */
public record Control(String file, String found, String expected, boolean holds) {
    private static final int MOST_BYTES = 4096;
    private static final long LARGEST_PAGE = 65_536; // a limit in bytes is kept in whole pages, the last part cut off

    /** Empty for a file that not every kernel has, where this one does not, and for steps that write none. */
    static Optional<Control> of(CgroupStep step) {
        return switch (step) {
            case Write(Path file, String value) -> Optional.of(read(file, value).orElse(missing(file, value)));
            case WriteIfPresent(Path file, String value) -> read(file, value);
            case CgroupStep.MakeDirectory _, CgroupStep.Delegate _, CgroupStep.InheritCpuset _ -> Optional.empty();
        };
    }

    private static Control missing(Path file, String expected) {
        return new Control(name(file), "no such file", expected, false);
    }

    private static Optional<Control> read(Path file, String expected) {
        try (Fd fd = FileCalls.openat(file.toString(), OpenFlag.O_RDONLY)) {
            String found = new String(FileCalls.read(fd, MOST_BYTES), StandardCharsets.US_ASCII).strip();
            return Optional.of(new Control(name(file), found, expected, isSame(found, expected)));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    static boolean isSame(String found, String expected) {
        if (found.equals(expected)) {
            return true;
        }
        if (!found.matches("[0-9]{1,18}") || !expected.matches("[0-9]{1,18}")) {
            return false;
        }
        long less = Long.parseLong(expected) - Long.parseLong(found);
        return Long.parseLong(expected) >= LARGEST_PAGE && less >= 0 && less < LARGEST_PAGE;
    }
}
