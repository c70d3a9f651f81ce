// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel's counters of one container said at one moment. Whoever is null was not to be had then: that is no zero.
 *
 * @param at when it was read
 * @param since when its PID 1 was executed, null for one that does not run; counters begin at 0 with it
 * @param limits what it may have, used or not
 * @param cpuMicros processor time since then
 * @param memoryBytes at that moment, with the page cache
 * @param diskBytes what its files take, running or not
 * @param receivedBytes what came to it over the network
 * @param sentBytes what it sent
 * @param readBytes from block devices
 * @param writtenBytes to block devices
 */
public record MeterReading(
        ContainerId id,
        Instant at,
        @Nullable Instant since,
        Limits limits,
        @Nullable Long cpuMicros,
        @Nullable Long memoryBytes,
        @Nullable Long diskBytes,
        @Nullable Long receivedBytes,
        @Nullable Long sentBytes,
        @Nullable Long readBytes,
        @Nullable Long writtenBytes) {}
