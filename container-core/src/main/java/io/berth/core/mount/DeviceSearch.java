// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.FileType;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.TreeCalls;
import io.berth.core.spec.Devices;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The device nodes in a container's /dev that it is not to have: one that was taken away again and of which its root hid a copy. Each
 * name is opened by itself, through no link and into no other mount.
 */
public final class DeviceSearch {
    private static final int MOST_FILES = 2048; // twice what the /dev that a container is born with can hold
    private static final int MOST_DEPTH = 16;

    private final List<FileStatus.Device> allowed;
    private final List<String> found = new ArrayList<>();
    private int left = MOST_FILES;

    private DeviceSearch(Devices devices) {
        this.allowed = Stream.concat(
                        DeviceDirectory.harmless(),
                        devices.all().stream()
                                .flatMap(device -> DeviceNode.possible(device).stream())
                                .map(DeviceNode::number))
                .toList();
    }

    /**
     * Names and numbers, and what kept it from looking everywhere.
     *
     * @param dev see {@link HotPlug#open}
     */
    public static List<String> foreign(Fd dev, Devices devices) {
        DeviceSearch search = new DeviceSearch(devices);
        search.list(dev, "/dev/", MOST_DEPTH);
        return List.copyOf(search.found);
    }

    private void list(Fd directory, String path, int depth) {
        if (depth == 0) {
            found.add(path + " and below was not looked at");
            return;
        }
        try (Fd readable = TreeCalls.reopen(directory, OpenFlag.O_RDONLY, OpenFlag.O_DIRECTORY)) {
            TreeCalls.Batch batch = TreeCalls.names(readable, 0);
            while (!batch.names().isEmpty()) {
                batch.names().forEach(name -> look(directory, path, new String(name, UTF_8), depth));
                if (left < 0) {
                    found.add("more than " + MOST_FILES + " files");
                    return;
                }
                batch = TreeCalls.names(readable, batch.next());
            }
        }
    }

    private void look(Fd directory, String path, String name, int depth) {
        if (left-- < 0) {
            return;
        }
        try (Fd file = FileCalls.openat2(
                directory,
                name,
                0,
                Flags.of(OpenFlag.O_PATH, OpenFlag.O_NOFOLLOW),
                ResolveFlag.RESOLVE_BENEATH,
                ResolveFlag.RESOLVE_NO_XDEV)) {
            FileStatus status = FileCalls.fstat(file);
            if (status.is(FileType.S_IFDIR)) {
                list(file, path + name + "/", depth - 1);
            } else if (status.is(FileType.S_IFBLK)
                    || (status.is(FileType.S_IFCHR) && !allowed.contains(status.rdev()))) {
                found.add(path + name + " " + status.rdev().major() + ":"
                        + status.rdev().minor());
            }
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT && name.indexOf('\ufffd') >= 0) {
                found.add(path + name + ", whose name is no text"); // it can't be named to the kernel, so not looked at
            } else if (e.errno() != Errno.ENOENT && e.errno() != Errno.EXDEV) { // gone meanwhile; another mount
                throw e;
            }
        }
    }
}
