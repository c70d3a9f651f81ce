// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a container: whose it is, and what its last sample said.
 *
 * @param at null before its first sample
 * @param since null for one that did not run then
 * @param counters of that run
 */
record LastReading(
        UUID container,
        UUID tenant,
        String name,
        @Nullable Instant at,
        @Nullable Instant since,
        Counters counters) {
    static LastReading none(UUID container, UUID tenant, String name) {
        return new LastReading(container, tenant, name, null, null, Counters.UNKNOWN);
    }

    LastReading with(Increment now) {
        return new LastReading(container, tenant, name, now.at(), now.since(), now.counters());
    }
}
