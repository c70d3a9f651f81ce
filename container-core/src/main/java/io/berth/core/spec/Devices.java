// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of the {@link Device devices} a container has.
 *
 * @param tun see {@link Device#TUN}
 * @param fuse see {@link Device#FUSE}
 * @param kvm see {@link Device#KVM}
 * @param gpu see {@link Device#GPU}
 */
public record Devices(boolean tun, boolean fuse, boolean kvm, boolean gpu) {
    public static final Devices NONE = new Devices(false, false, false, false);

    public static Devices of(Set<Device> devices) {
        return new Devices(
                devices.contains(Device.TUN),
                devices.contains(Device.FUSE),
                devices.contains(Device.KVM),
                devices.contains(Device.GPU));
    }

    public boolean has(Device device) {
        return switch (device) {
            case TUN -> tun;
            case FUSE -> fuse;
            case KVM -> kvm;
            case GPU -> gpu;
        };
    }

    /** Not named as a getter: it is no field of a message. */
    public Set<Device> all() {
        Set<Device> all = EnumSet.noneOf(Device.class);
        Arrays.stream(Device.values()).filter(this::has).forEach(all::add);
        return all;
    }

    /** Whether there is one among them that is a large driver of the host's: its root alone opens those to a tenant. */
    public boolean needRoot() {
        return kvm || gpu;
    }

    /** {@code tun, kvm}. */
    public String describe() {
        return all().isEmpty()
                ? "none"
                : all().stream()
                        .map(device -> device.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
    }
}
