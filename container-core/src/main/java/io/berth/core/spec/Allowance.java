// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.Set;
import java.util.function.Predicate;

/**
 * What a tenant may ask for at a place, as that place knows it: the platform by its tables, the agent by its machine.
 *
 * @param tenant whose containers these are
 * @param images whether a container may be made from an image
 * @param networks how a container may reach the world
 * @param devices those of the host's that a container may have
 * @param volumes whether a volume is there, and the tenant's own
 * @param ports those of the node's that containers may publish
 */
public record Allowance(
        TenantName tenant,
        Predicate<ImageId> images,
        Set<NetworkMode> networks,
        Set<Device> devices,
        Predicate<VolumeId> volumes,
        PublishablePorts ports) {
    public Allowance {
        networks = Set.copyOf(networks);
        devices = Set.copyOf(devices);
    }

    /** Where no container gets any of the host's devices or ports, or volumes. */
    public Allowance(TenantName tenant, Predicate<ImageId> images, Set<NetworkMode> networks) {
        this(tenant, images, networks, Set.of(), _ -> false, PublishablePorts.NONE);
    }
}
