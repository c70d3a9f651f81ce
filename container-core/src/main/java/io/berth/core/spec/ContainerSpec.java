// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.List;
import java.util.Objects;

/**
 * Everything that may be asked of a container. The type is closed: what is not here cannot be had, and every container is
 * unprivileged because no field could say otherwise.
 *
 * @param name host name and name within the tenant
 * @param tenant the owner
 * @param image the file tree that it starts from
 * @param limits what it may use at most
 * @param network how it reaches the world
 * @param devices what it has of the host's besides what all have
 * @param volumes which of its tenant's volumes it has
 * @param networkRules what its network lets through besides what all have
 */
public record ContainerSpec(
        ContainerName name,
        TenantName tenant,
        ImageId image,
        Limits limits,
        NetworkMode network,
        Devices devices,
        List<VolumeMount> volumes,
        NetworkRules networkRules) {
    public ContainerSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(devices, "devices");
        volumes = VolumeMount.checked(Objects.requireNonNull(volumes, "volumes"));
        Objects.requireNonNull(networkRules, "networkRules");
    }

    /** Without devices of the host's, volumes and rules of its own. */
    public ContainerSpec(ContainerName name, TenantName tenant, ImageId image, Limits limits, NetworkMode network) {
        this(name, tenant, image, limits, network, Devices.NONE, List.of(), NetworkRules.NONE);
    }

    /** The same with another name. */
    public ContainerSpec with(ContainerName name) {
        return new ContainerSpec(name, tenant, image, limits, network, devices, volumes, networkRules);
    }

    /** The same with other limits. */
    public ContainerSpec with(Limits limits) {
        return new ContainerSpec(name, tenant, image, limits, network, devices, volumes, networkRules);
    }

    /** The same with other devices. */
    public ContainerSpec with(Devices devices) {
        return new ContainerSpec(name, tenant, image, limits, network, devices, volumes, networkRules);
    }

    /** The same with other volumes. */
    public ContainerSpec with(List<VolumeMount> volumes) {
        return new ContainerSpec(name, tenant, image, limits, network, devices, volumes, networkRules);
    }

    /** The same with other rules for its network. */
    public ContainerSpec with(NetworkRules networkRules) {
        return new ContainerSpec(name, tenant, image, limits, network, devices, volumes, networkRules);
    }
}
