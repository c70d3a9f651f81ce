// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.image.ImageStore;
import io.berth.core.mount.DeviceNode;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.AdmittedSpec;
import io.berth.core.spec.Allowance;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.Device;
import io.berth.core.spec.Devices;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.PublishablePorts;
import io.berth.core.spec.TenantName;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Admits specs by what this machine has. The platform has admitted them by what it knows; the agent believes nobody. */
final class SpecGate {
    private final ImageStore images;
    private final Volumes volumes;
    private final Set<NetworkMode> networks;
    private final PublishablePorts ports;

    SpecGate(RuntimeSettings settings, ImageStore images, Volumes volumes) {
        this.images = images;
        this.volumes = volumes;
        this.ports = settings.publishablePorts();
        this.networks = settings.ipv4() == null && settings.ipv6() == null
                ? EnumSet.of(NetworkMode.NONE)
                : EnumSet.allOf(NetworkMode.class);
    }

    /** Those that the kernel has by now: a module may have been loaded. */
    private static Set<Device> devices() {
        return Arrays.stream(Device.values())
                .filter(device -> !DeviceNode.present(device).isEmpty())
                .collect(Collectors.toSet());
    }

    /** @throws ContainerException NOT_FOUND for an image that is not here, INVALID for the rest */
    AdmittedSpec admit(ContainerSpec desired) {
        try {
            // most have none: a start is not to wait for looks at the host's /dev
            Set<Device> devices = desired.devices().equals(Devices.NONE) ? Set.of() : devices();
            TenantName tenant = desired.tenant();
            return AdmittedSpec.admit(
                    new Allowance(
                            tenant, images::has, networks, devices, volume -> volumes.isOf(tenant, volume), ports),
                    desired);
        } catch (InvalidSpecException e) {
            throw new ContainerException(
                    e.field().equals("image") ? Refusal.NOT_FOUND : Refusal.INVALID, String.valueOf(e.getMessage()), e);
        }
    }
}
