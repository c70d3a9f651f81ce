// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

import java.util.Arrays;
import java.util.stream.Stream;

/** What a container has read from and written to block devices since its cgroup was made. */
public record BlockIo(long readBytes, long writtenBytes) {
    /** @param stat io.stat: a line a device, {@code 8:0 rbytes=1 wbytes=2 rios=3 …} (cgroup-v2.rst, "io.stat") */
    static BlockIo parse(String stat) {
        return new BlockIo(sum(stat, "rbytes="), sum(stat, "wbytes="));
    }

    private static long sum(String stat, String key) {
        return stat.lines()
                .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                .flatMap(word -> word.startsWith(key) ? Stream.of(word.substring(key.length())) : Stream.empty())
                .mapToLong(Long::parseLong)
                .sum();
    }
}
