// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.TenantName;
import io.berth.platform.operation.Operation;
import io.berth.platform.operation.TargetType;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One container: what is desired and what is seen.
 *
 * @param limits what it is to have, and what counts for its tenant's quota
 * @param image content address of what it was made from
 * @param imageAlias the name that this had then
 * @param generation counts changes of what is desired; also the ETag
 * @param state as the node last said, null while it is being made
 * @param addresses what the node's network gave it
 * @param lastExit how its last PID 1 ended
 * @param lastError why the last operation on it failed, null when it did not
 * @param volumes what it has, or is to have
 * @param quarantine why it is cut off
 */
record Container(
        UUID id,
        String name,
        String tenant,
        String image,
        @Nullable String imageAlias,
        Limits limits,

        @Schema(description = "what it has of its processors while a budget is used up; null: all of them") @Nullable
        Integer throttledMilliCpus,

        NetworkMode network,
        String node,
        DesiredState desiredState,

        @Schema(description = "null while it is being made") @Nullable
        ObservedState state,

        long generation,
        List<String> addresses,
        List<AttachedVolume> volumes,
        Instant createdAt,
        @Nullable Instant observedAt,
        @Nullable Instant startedAt,
        @Nullable String lastExit,
        @Nullable String lastError,

        @Schema(description = "null unless an operator, or policy where it has drifted, has cut it off") @Nullable
        Quarantine quarantine) {
    Container {
        addresses = List.copyOf(addresses);
        volumes = List.copyOf(volumes);
    }

    ContainerId containerId() {
        return new ContainerId(id);
    }

    ContainerSpec spec() {
        return new ContainerSpec(new ContainerName(name), new TenantName(tenant), new ImageId(image), limits, network)
                .with(volumes.stream().map(AttachedVolume::mount).toList());
    }

    /** What the node is to give it now. */
    Limits limitsNow() {
        return throttledMilliCpus == null
                ? limits
                : new Limits(limits.memoryBytes(), throttledMilliCpus, limits.pids(), limits.diskBytes());
    }

    Operation.Target target() {
        return new Operation.Target(TargetType.CONTAINER, id.toString(), name);
    }

    String etag() {
        return "\"" + generation + "\"";
    }
}
