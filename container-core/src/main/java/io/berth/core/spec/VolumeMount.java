// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.List;
import java.util.Objects;

/**
 * A volume in a container: a device of the kind disk.
 *
 * @param volume of the container's tenant
 * @param path where it is
 * @param readOnly whether the container only reads it; its root cannot change that
 */
public record VolumeMount(VolumeId volume, MountPath path, boolean readOnly) {
    /** Each is a mount that every process of the container that is born in a mount namespace of its own copies. */
    public static final int MOST = 16;

    public VolumeMount {
        Objects.requireNonNull(volume, "volume");
        Objects.requireNonNull(path, "path");
    }

    /**
     * Each volume once, and none in another: so the order says nothing, and any of them can go.
     *
     * @throws InvalidSpecException when it is otherwise
     */
    public static List<VolumeMount> checked(List<VolumeMount> mounts) {
        require(mounts.stream().noneMatch(Objects::isNull), "null is no volume");
        require(mounts.size() <= MOST, mounts.size() + " are too many; a container has at most " + MOST + " volumes");
        for (int i = 0; i < mounts.size(); i++) {
            for (int j = 0; j < i; j++) {
                requireBeside(mounts.get(i), mounts.get(j));
                requireBeside(mounts.get(j), mounts.get(i));
            }
        }
        return List.copyOf(mounts);
    }

    private static void requireBeside(VolumeMount one, VolumeMount other) {
        require(!one.volume.equals(other.volume), "volume " + one.volume + " is there twice; name one path for it");
        require(
                !one.path.isWithin(other.path),
                "'" + one.path + "' is in '" + other.path + "', where another volume is; choose another path");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new InvalidSpecException("volumes", otherwise);
        }
    }
}
