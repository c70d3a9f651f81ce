// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was used in an hour or a day, by one container or by all of a tenant's.
 *
 * @param container null for all of them
 * @param name its name now, or its last
 */
record UsagePeriod(
        Instant from,
        Instant to,
        @Nullable UUID container,
        @Nullable String name,

        @Schema(description = "samples that this is made of")
        long samples,

        @Schema(description = "how often counters began anew: a start, or a reset")
        long resets,

        @Schema(description = "container-seconds that samples speak for")
        long seconds,

        @Schema(description = "container-seconds of these in which it ran")
        long runningSeconds,

        @Schema(description = "container-seconds of which nothing is known, and which count for nothing")
        long gapSeconds,

        long cpuMicros,

        @Schema(description = "thousandths of a CPU that it might have had, times the seconds it ran")
        BigInteger vcpuMilliSeconds,

        BigInteger memoryByteSeconds,

        @Schema(description = "memory that it might have had, times the seconds it ran")
        BigInteger memoryLimitByteSeconds,

        BigInteger diskByteSeconds,
        long receivedBytes,
        long sentBytes,
        long readBytes,
        long writtenBytes) {}
