// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One look at every container of a node, and the last look at each that has ended since the round before.
 *
 * @param series what the numbers belong to, any number above 0; another one begins when the node's state is made anew
 * @param number 1 and upwards, without gaps
 * @param at when the round began
 * @param boot the host's boot, as in /proc/sys/kernel/random/boot_id
 * @param readings by container, then by time
 */
public record MeterRound(long series, long number, Instant at, UUID boot, List<MeterReading> readings) {
    public MeterRound {
        readings = List.copyOf(readings);
    }

    /** The same with other readings. */
    public MeterRound with(List<MeterReading> others) {
        return new MeterRound(series, number, at, boot, others);
    }
}
