// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.call;

import java.time.Duration;
import java.util.List;

/**
 * What sysinfo(2) says of this machine, struct sysinfo, include/uapi/linux/sysinfo.h.
 *
 * @param uptime in whole seconds
 * @param loads of 1, 5 and 15 minutes, times 65536
 * @param memoryBytes all that there is
 */
public record SystemLoad(Duration uptime, List<Long> loads, long memoryBytes) {
    private static final int SIZE = 112;

    public SystemLoad {
        loads = List.copyOf(loads);
    }

    public static SystemLoad read() {
        try (var memory = new NativeMemory()) {
            NativeBuffer info = memory.allocate(SIZE).named("info");
            call(Sys.SYSINFO, info);
            long unit = Integer.toUnsignedLong(info.getInt(104));
            return new SystemLoad(
                    Duration.ofSeconds(info.getLong(0)),
                    List.of(info.getLong(8), info.getLong(16), info.getLong(24)),
                    info.getLong(32) * unit);
        }
    }
}
