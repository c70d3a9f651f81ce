// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.MountPath;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeMount;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * A volume in a container, told from either side.
 *
 * @param id of the volume, or of the container
 * @param name of the same
 * @param path inside the container
 * @param readOnly whether the container only reads it
 */
record AttachedVolume(UUID id, String name, String path, boolean readOnly) {
    /** What a query gives for one: no part of it has a blank. */
    static final String TEXT = "%1$s.id || ' ' || %1$s.name || ' ' || m.path || ' ' || m.read_only";

    private static AttachedVolume of(String text) {
        String[] parts = text.split(" ", -1);
        return new AttachedVolume(UUID.fromString(parts[0]), parts[1], parts[2], Boolean.parseBoolean(parts[3]));
    }

    static List<AttachedVolume> all(Array texts) throws SQLException {
        return Arrays.stream((String[]) texts.getArray())
                .map(AttachedVolume::of)
                .toList();
    }

    VolumeMount mount() {
        return new VolumeMount(new VolumeId(id), new MountPath(path), readOnly);
    }
}
