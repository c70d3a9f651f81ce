// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

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
 */
public record ContainerSpec(ContainerName name, TenantName tenant, ImageId image, Limits limits, NetworkMode network) {
    public ContainerSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(network, "network");
    }

    /** The same with other limits. */
    public ContainerSpec with(Limits limits) {
        return new ContainerSpec(name, tenant, image, limits, network);
    }
}
