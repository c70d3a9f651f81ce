// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One sample: what the kernel's counters said, and what of it was counted.
 *
 * @param since when its init was started; null for one that did not run
 * @param round the node's number of the round
 */
record UsageSample(
        Instant at,
        @Nullable Instant since,
        long round,
        int milliCpus,
        long memoryLimitBytes,
        @Nullable Long memoryBytes,
        @Nullable Long diskBytes,

        @Schema(description = "the counter itself; null where it was not to be had") @Nullable
        Long cpuMicros,

        @Nullable Long receivedBytes,
        @Nullable Long sentBytes,
        @Nullable Long readBytes,
        @Nullable Long writtenBytes,

        @Schema(description = "seconds since the sample before, for which this one speaks")
        int seconds,

        int runningSeconds,

        @Schema(description = "seconds since the sample before, of which nothing is known")
        int gapSeconds,

        @Schema(description = "whether counters had begun anew")
        boolean reset,

        @Schema(description = "what was counted") long cpuMicrosUsed,
        long receivedBytesUsed,
        long sentBytesUsed,
        long readBytesUsed,
        long writtenBytesUsed) {}
