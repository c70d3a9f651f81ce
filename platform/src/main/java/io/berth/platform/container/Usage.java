// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.UsageStatus;
import io.berth.core.spec.Limits;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;

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
                container.limits());
    }
}
