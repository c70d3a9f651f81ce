// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.UsageStatus;
import io.berth.core.spec.Limits;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a running container uses, by the kernel's counters, beside what it may.
 *
 * @param container its id
 * @param name its name
 * @param pids processes and threads
 */
record Usage(
        UUID container,
        String name,
        String tenant,

        @Schema(description = "when its init was started: counters begin then")
        Instant since,

        @Schema(description = "processor time since then, in microseconds")
        long cpuMicros,

        @Schema(description = "with the page cache and what the kernel keeps for it")
        long memoryBytes,

        int pids,

        @Schema(description = "what it and its snapshots take beside the image; null where the pool does not count")
        @Nullable
        Long diskBytes,

        @Schema(description = "files and directories; null where the pool counts only the bytes that they take")
        @Nullable
        Long inodes,

        @Schema(description = "whether the limit of the disk holds")
        boolean diskLimited,

        Limits limits) {
    static Usage of(Container container, UsageStatus status) {
        return new Usage(
                container.id(),
                container.name(),
                container.tenant(),
                status.since(),
                status.cpuMicros(),
                status.memoryBytes(),
                status.pids(),
                status.disk().bytes(),
                status.disk().inodes(),
                status.disk().limited(),
                container.limits());
    }
}
