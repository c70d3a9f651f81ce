// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.TenantName;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeName;
import io.berth.core.spec.VolumeSpec;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.TargetType;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Files that outlive containers, and that several of a node's may have at once.
 *
 * @param node where its files are, and the containers that can have it
 * @param diskBytes what they take at most, which counts in the tenant's quota
 * @param generation counts changes of what is desired; also the ETag
 * @param containers those that have it
 * @param lastError why the last operation on it failed, null when it did not
 */
record Volume(
        UUID id,
        String name,
        String tenant,
        String node,
        long diskBytes,
        State state,
        long generation,

        @Schema(description = "the containers that have it") List<AttachedVolume> containers,

        Instant createdAt,
        @Nullable String lastError) {
    Volume {
        containers = List.copyOf(containers);
    }

    @Schema(name = "VolumeState")
    enum State {
        CREATING,
        READY,
        DELETING
    }

    VolumeId volumeId() {
        return new VolumeId(id);
    }

    VolumeSpec spec() {
        return new VolumeSpec(new VolumeName(name), new TenantName(tenant), diskBytes);
    }

    Operation.Target target() {
        return new Operation.Target(TargetType.VOLUME, id.toString(), name);
    }

    String etag() {
        return "\"" + generation + "\"";
    }
}
