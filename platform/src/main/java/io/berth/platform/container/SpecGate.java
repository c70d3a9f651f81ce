// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.Allowance;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.PublishablePorts;
import io.berth.core.spec.TenantName;
import io.berth.platform.image.Images;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.tenant.Tenant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Admits specs by what the platform knows of a tenant; the node's agent does it again by what it knows of its machine. */
@Component
class SpecGate {
    private final Images images;
    private final Volumes volumes;
    private final PublishablePorts ports;

    SpecGate(Images images, Volumes volumes, PlatformSettings settings) {
        this.images = images;
        this.volumes = volumes;
        this.ports = settings.publishablePorts();
    }

    /** @throws InvalidSpecException naming the first field that the tenant can't have so */
    AdmittedSpec admit(Tenant tenant, ContainerSpec desired) {
        return admit(tenant, desired, images::has);
    }

    /** @param image that the node was seen to have a moment ago */
    AdmittedSpec admit(Tenant tenant, ContainerSpec desired, Images.Resolved image) {
        return admit(tenant, desired, image.id()::equals);
    }

    private AdmittedSpec admit(Tenant tenant, ContainerSpec desired, Predicate<ImageId> hasImage) {
        if (desired.name().equals(ContainerName.LOBBY)) {
            throw new InvalidSpecException("name", "'lobby' is where SSH leads without a container; choose another");
        }
        var allowance = new Allowance(
                new TenantName(tenant.name()),
                hasImage,
                EnumSet.allOf(NetworkMode.class),
                Set.of(),
                volume -> volumes.isReady(tenant.id(), volume.value()),
                ports);
        return AdmittedSpec.admit(allowance, desired);
    }
}
