// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import io.berth.core.linux.Resource;
import io.berth.core.linux.Sys;
import io.berth.core.plan.PlanBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** RLIMIT_NOFILE: the JVM raises its own soft limit, which no container is to inherit. */
public final class OpenFiles {
    private static final long KERNEL_SOFT = 1024; // INR_OPEN_CUR, include/uapi/linux/fs.h
    private static final long HARD = hardLimit(Path.of("/proc/self/limits"));

    private OpenFiles() {}

    /** Puts the calling process's soft limit back to the kernel's own default; the hard limit stays. */
    public static void limit(PlanBuilder plan) {
        long soft = Math.min(KERNEL_SOFT, HARD);
        plan.call(
                "limit open files",
                Sys.PRLIMIT64,
                0,
                Resource.RLIMIT_NOFILE,
                plan.longs("{" + soft + ", " + HARD + "}", soft, HARD),
                0);
    }

    private static long hardLimit(Path limits) {
        try {
            String line = Files.readAllLines(limits).stream()
                    .filter(text -> text.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(List.of(line.split("\\s+")).get(4));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + limits, e);
        }
    }
}
