// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.FilesystemContext;
import io.berth.core.linux.MountAttr;
import io.berth.core.linux.MountAttributes;
import io.berth.core.linux.MountCalls;
import io.berth.core.spec.Devices;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A container's /dev: a tmpfs of the initial user namespace, so that its device nodes can be opened, seen through the
 * container's id map. It holds what Documentation/admin-guide/devices.rst calls compulsory, less what leads to hardware, and what was asked for.
 */
public final class DeviceDirectory {
    private record Node(String name, int major, int minor) {}

    // each is harmless: it reaches nothing but the kernel's own stream of nothing, noise, or the caller's terminal
    private static final List<Node> NODES = List.of(
            new Node("null", 1, 3),
            new Node("zero", 1, 5),
            new Node("full", 1, 7),
            new Node("random", 1, 8),
            new Node("urandom", 1, 9),
            new Node("tty", 5, 0));

    private static final Map<String, String> LINKS = Map.of(
            "fd", "/proc/self/fd",
            "stdin", "/proc/self/fd/0",
            "stdout", "/proc/self/fd/1",
            "stderr", "/proc/self/fd/2",
            "ptmx", "pts/ptmx",
            "core", "/proc/kcore");

    private static final List<String> MOUNT_POINTS = List.of("pts", "shm", "mqueue");

    private DeviceDirectory() {}

    /** A detached mount; its bytes and inodes are bounded because they count against nobody's memory limit until used. */
    public static Fd mount(Fd userNamespace, Devices devices) {
        try (FilesystemContext tmpfs = FilesystemContext.fsopen("tmpfs")) {
            Fd dev = tmpfs.set("source", "dev")
                    .set("mode", "755")
                    .set("size", "512k")
                    .set("nr_inodes", "1024")
                    .fsmount(MountAttr.MOUNT_ATTR_NOSUID, MountAttr.MOUNT_ATTR_NOEXEC);
            populate(dev);
            List<DeviceNode> nodes = devices.all().stream()
                    .flatMap(device -> DeviceNode.present(device).stream())
                    .toList();
            nodes.stream()
                    .map(DeviceNode::directory)
                    .filter(Objects::nonNull)
                    .distinct()
                    .forEach(name -> FileCalls.mkdirat(dev, name, 0755));
            nodes.forEach(node -> add(dev, node));
            MountCalls.mountSetattr(dev, MountAttributes.idmapped(userNamespace));
            return dev;
        }
    }

    /** What every container has, and what its root may make. */
    static Stream<FileStatus.Device> harmless() {
        return NODES.stream().map(node -> new FileStatus.Device(node.major, node.minor));
    }

    private static void add(Fd dev, DeviceNode node) {
        String path = node.directory() == null ? node.name() : node.directory() + "/" + node.name();
        FileCalls.mknodat(dev, path, FileType.S_IFCHR, DeviceNode.MODE, node.major(), node.minor());
        FileCalls.fchmodat(dev, path, DeviceNode.MODE);
    }

    private static void populate(Fd dev) {
        for (Node node : NODES) {
            FileCalls.mknodat(dev, node.name, FileType.S_IFCHR, 0666, node.major, node.minor);
            FileCalls.fchmodat(dev, node.name, 0666); // mknod's mode went through the umask
        }
        LINKS.forEach((name, target) -> FileCalls.symlinkat(target, dev, name));
        MOUNT_POINTS.forEach(name -> FileCalls.mkdirat(dev, name, 0755));
        FileCalls.mkdirat(dev, MaskedPaths.UNCOVERED, 0700);
        List.of("proc", "sys", "empty")
                .forEach(name -> FileCalls.mkdirat(dev, MaskedPaths.UNCOVERED + "/" + name, 0555));
        FileCalls.mknodat(dev, "console", FileType.S_IFREG, 0600, 0, 0); // the console's pty is mounted over it
    }
}
