// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.core.spec.Limits;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much more somebody asks for; what shrinks or stays is left out, as it is never refused.
 *
 * @param more in each resource's unit, above 0
 * @param within where in the request the fields are that ask for it: empty, or a field's name and a dot
 */
public record Growth(Map<Resource, Long> more, String within) {
    public static final Growth SSH_KEY = new Growth(Map.of(Resource.SSH_KEYS, 1L), "");
    public static final Growth PORT = new Growth(Map.of(Resource.PORTS, 1L), "");
    public static final Growth TENANT = new Growth(Map.of(Resource.TENANTS, 1L), "");
    private static final String LIMITS = "limits.";

    public Growth {
        more = Map.copyOf(more);
    }

    /** A volume that is made or grows. */
    public static Growth volume(long bytes) {
        return new Growth(Map.of(Resource.DISK_BYTES, bytes), "");
    }

    /** One more container. */
    public static Growth container(Limits limits) {
        Map<Resource, Long> more = amounts(limits);
        more.put(Resource.CONTAINERS, 1L);
        return new Growth(more, LIMITS);
    }

    /** A container that is resized. */
    public static Growth resize(Limits from, Limits to) {
        Map<Resource, Long> more = amounts(to);
        amounts(from).forEach((resource, amount) -> more.merge(resource, -amount, Long::sum));
        more.values().removeIf(amount -> amount <= 0);
        return new Growth(more, LIMITS);
    }

    private static Map<Resource, Long> amounts(Limits limits) {
        Map<Resource, Long> amounts = new EnumMap<>(Resource.class);
        amounts.put(Resource.MILLI_CPUS, (long) limits.milliCpus());
        amounts.put(Resource.MEMORY_BYTES, limits.memoryBytes());
        amounts.put(Resource.DISK_BYTES, limits.diskBytes());
        amounts.put(Resource.PIDS, (long) limits.pids());
        return amounts;
    }

    /** Which field of the request asks for it; empty when the request itself does. */
    String field(Resource resource) {
        return resource.field().isEmpty() ? "" : within + resource.field();
    }
}
