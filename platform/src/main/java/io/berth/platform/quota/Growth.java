// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.core.spec.Limits;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much more somebody asks for; what shrinks or stays is left out, as it is never refused.
 *
 * @param more in each resource's unit, above 0
 */
public record Growth(Map<Resource, Long> more) {
    public static final Growth SSH_KEY = new Growth(Map.of(Resource.SSH_KEYS, 1L));
    public static final Growth TENANT = new Growth(Map.of(Resource.TENANTS, 1L));

    public Growth {
        more = Map.copyOf(more);
    }

    /** One more container. */
    public static Growth container(Limits limits) {
        Map<Resource, Long> more = amounts(limits);
        more.put(Resource.CONTAINERS, 1L);
        return new Growth(more);
    }

    /** A container that is resized. */
    public static Growth resize(Limits from, Limits to) {
        Map<Resource, Long> more = amounts(to);
        amounts(from).forEach((resource, amount) -> more.merge(resource, -amount, Long::sum));
        more.values().removeIf(amount -> amount <= 0);
        return new Growth(more);
    }

    private static Map<Resource, Long> amounts(Limits limits) {
        Map<Resource, Long> amounts = new EnumMap<>(Resource.class);
        amounts.put(Resource.MILLI_CPUS, (long) limits.milliCpus());
        amounts.put(Resource.MEMORY_BYTES, limits.memoryBytes());
        amounts.put(Resource.DISK_BYTES, limits.diskBytes());
        amounts.put(Resource.PIDS, (long) limits.pids());
        return amounts;
    }
}
