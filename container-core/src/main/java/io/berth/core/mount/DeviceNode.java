// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link Device} as it is in a /dev: Documentation/admin-guide/devices.txt. All are readable and writable by everybody, as
 * systemd's udev rules have them (render nodes, too: they are the part of a graphics driver that is made for users without rights): who
 * may do what with one is decided by its driver, for tun and fuse by capabilities in the container.
 *
 * @param directory below /dev, or null
 * @param name in there
 */
public record DeviceNode(@Nullable String directory, String name, int major, int minor) {
    static final int MODE = 0666;
    private static final int MISC_MAJOR = 10;
    private static final int DRM_MAJOR = 226;
    private static final int FIRST_RENDER_MINOR =
            128; // DRM_MINOR_RENDER and 64 of each kind: drivers/gpu/drm/drm_drv.c
    private static final int MOST_OF_A_KIND = 64;

    /** All that can be of a device, on whatever host. */
    static List<DeviceNode> possible(Device device) {
        return switch (device) {
            case TUN -> List.of(new DeviceNode("net", "tun", MISC_MAJOR, 200));
            case FUSE -> List.of(new DeviceNode(null, "fuse", MISC_MAJOR, 229));
            case KVM -> List.of(new DeviceNode(null, "kvm", MISC_MAJOR, 232));
            case GPU ->
                IntStream.range(FIRST_RENDER_MINOR, FIRST_RENDER_MINOR + MOST_OF_A_KIND)
                        .mapToObj(minor -> new DeviceNode("dri", "renderD" + minor, DRM_MAJOR, minor))
                        .toList();
        };
    }

    /** Those that this host has; none means that it hasn't the device. */
    public static List<DeviceNode> present(Device device) {
        return possible(device).stream().filter(DeviceNode::isPresent).toList();
    }

    private boolean isPresent() {
        try {
            FileStatus status = FileCalls.statx(Fd.AT_FDCWD, path().toString());
            return status.is(FileType.S_IFCHR) && status.rdev().equals(number());
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return false;
            }
            throw e;
        }
    }

    /** In the host's /dev and in a container's. */
    public Path path() {
        return directory == null ? Path.of("/dev", name) : Path.of("/dev", directory, name);
    }

    FileStatus.Device number() {
        return new FileStatus.Device(major, minor);
    }
}
