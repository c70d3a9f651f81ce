// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import io.berth.core.linux.FileStatus;
import io.berth.core.spec.Device;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Device} as it is in a /dev: Documentation/admin-guide/devices.txt. All are readable and writable by everybody, as systemd's
 * udev rules have them: who may do what with one is decided by its driver, for tun and fuse by capabilities in the container.
 *
 * @param directory below /dev, or null
 * @param name in there
 */
public record DeviceNode(@Nullable String directory, String name, int major, int minor) {
    static final int MODE = 0666;
    private static final int MISC_MAJOR = 10;

    public static DeviceNode of(Device device) {
        return switch (device) {
            case TUN -> new DeviceNode("net", "tun", MISC_MAJOR, 200);
            case FUSE -> new DeviceNode(null, "fuse", MISC_MAJOR, 229);
            case KVM -> new DeviceNode(null, "kvm", MISC_MAJOR, 232);
        };
    }

    /** In the host's /dev and in a container's. */
    public Path path() {
        return directory == null ? Path.of("/dev", name) : Path.of("/dev", directory, name);
    }

    FileStatus.Device number() {
        return new FileStatus.Device(major, minor);
    }
}
