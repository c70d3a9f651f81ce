// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import io.berth.core.spec.ContainerId;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param volumes what it has, by the roots of their mounts
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
        List<Volume> volumes,
        int monitorUid,
        Map<Integer, String> monitorFiles) {
    /**
     * A volume.
     *
     * @param device major:minor of its filesystem
     * @param root what mountinfo has as the root of its mount
     * @param readOnly whether the container only reads it
     */
    public record Volume(String device, String root, boolean readOnly) {
        boolean isShownBy(MountLine mount) {
            return mount.device().equals(device) && (mount.root() + "/").startsWith(root + "/");
        }

        boolean isMetBy(MountLine mount) {
            return mount.options().containsAll(readOnly ? READ_ONLY : HARDENED);
        }
    }

    private static final Set<String> HARDENED = Set.of("nosuid", "nodev");
    private static final Set<String> READ_ONLY = Set.of("nosuid", "nodev", "ro");

    public Expectation {
        volumes = List.copyOf(volumes);
        cgroups = Map.copyOf(cgroups);
        monitorFiles = Map.copyOf(monitorFiles);
    }
}
