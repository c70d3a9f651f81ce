// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import io.berth.core.spec.ContainerId;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * What the platform's rules make of one container's spec.
 *
 * @param uidBase the host's uid of its root
 * @param capabilities bits that no process of it may have beyond
 * @param names capabilities in words
 * @param filters how many seccomp filters it has at least
 * @param label of the security module in words, empty for none
 * @param labelHolds whether what the kernel shows is that label
 * @param cgroups by controller, empty for v2's, the end of the path where its init is born
 * @param monitorUid who its monitor is
 * @param monitorFiles what its monitor holds, by number
 */
public record Expectation(
        ContainerId id,
        long uidBase,
        long capabilities,
        LongFunction<String> names,
        int filters,
        String label,
        Predicate<String> labelHolds,
        Map<String, String> cgroups,
        int monitorUid,
        Map<Integer, String> monitorFiles) {
    public Expectation {
        cgroups = Map.copyOf(cgroups);
        monitorFiles = Map.copyOf(monitorFiles);
    }
}
