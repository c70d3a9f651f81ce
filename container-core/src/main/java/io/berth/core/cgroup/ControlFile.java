// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file with one number. */
final class ControlFile {
    private static final int MAX_DIGITS = 32;

    private ControlFile() {}

    static long readLong(Path file) {
        try (Fd fd = FileCalls.openat(file.toString(), OpenFlag.O_RDONLY)) {
            return Long.parseLong(new String(FileCalls.read(fd, MAX_DIGITS), StandardCharsets.US_ASCII).strip());
        }
    }
}
