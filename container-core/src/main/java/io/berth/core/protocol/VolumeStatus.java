// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.VolumeId;
import io.berth.core.spec.VolumeSpec;
import java.util.List;

/**
 * One volume as the agent sees it.
 *
 * @param id its identity
 * @param spec what was asked for
 * @param disk what its files take
 * @param attachedTo the containers that have it, running or not
 */
public record VolumeStatus(VolumeId id, VolumeSpec spec, DiskStatus disk, List<ContainerId> attachedTo) {
    public VolumeStatus {
        attachedTo = List.copyOf(attachedTo);
    }
}
