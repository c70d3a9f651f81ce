// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.SyscallException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks the kernel about one container, and changes nothing: no process is stopped, traced or entered for it. */
public final class Reader {
    static final List<String> NAMESPACES = List.of("user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time");

    /** fs.mount-max lets a tenant make 100,000 mounts; whoever makes more than this has drift for it. */
    private static final int MOST_MOUNT_BYTES = 2 << 20;

    private static final int MOST_BYTES = 1 << 16;
    private static final int MOST_FILES = 1024; // what was open at birth has the lowest numbers
    private static final int MOST_MONITOR_FILES = 64;

    private Reader() {}

    /** @throws ProcessEndedException when PID 1 or the monitor ends meanwhile */
    public static Facts read(int initPid, Fd init, int monitorPid, Fd monitor) {
        try (ProcessDirectory inside = ProcessDirectory.open(initPid, init);
                ProcessDirectory outside = ProcessDirectory.open(monitorPid, monitor);
                ProcessDirectory self = ProcessDirectory.self()) {
            return new Facts(init(inside), monitor(outside), host(self));
        } catch (SyscallException e) {
            throw e.errno() == Errno.ESRCH || e.errno() == Errno.ENOENT
                    ? new ProcessEndedException("the container has just ended", e)
                    : e;
        }
    }

    /**
     * One of a process's namespaces.
     *
     * @throws ProcessEndedException when it has ended
     */
    public static Fd namespace(int pid, Fd pidfd, String type) {
        try (ProcessDirectory directory = ProcessDirectory.open(pid, pidfd)) {
            return directory.openNamespace(type);
        }
    }

    private static Facts.Init init(ProcessDirectory init) {
        String mountinfo = init.read("mountinfo", MOST_MOUNT_BYTES);
        List<Facts.OpenFile> files = files(init);
        return new Facts.Init(
                init.read("uid_map", MOST_BYTES),
                init.read("gid_map", MOST_BYTES),
                init.read("status", MOST_BYTES),
                mountinfo.substring(0, mountinfo.lastIndexOf('\n') + 1),
                init.read("cgroup", MOST_BYTES),
                init.read("limits", MOST_BYTES),
                Integer.parseInt(init.read("oom_score_adj", MOST_BYTES).strip()),
                init.label(),
                NAMESPACES.stream().collect(Collectors.toMap(type -> type, init::namespace)),
                files,
                mountinfo.length() < MOST_MOUNT_BYTES);
    }

    private static List<Facts.OpenFile> files(ProcessDirectory init) {
        List<Facts.OpenFile> files = new ArrayList<>();
        for (int number : init.openFiles(MOST_FILES)) {
            try {
                files.add(new Facts.OpenFile(number, init.target(number), init.mountOf(number)));
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENOENT) { // closed meanwhile
                    throw e;
                }
            }
        }
        return files;
    }

    private static Facts.Monitor monitor(ProcessDirectory monitor) {
        Map<Integer, String> files = new HashMap<>();
        monitor.openFiles(MOST_MONITOR_FILES).forEach(number -> files.put(number, monitor.target(number)));
        return new Facts.Monitor(monitor.read("status", MOST_BYTES), files);
    }

    private static Facts.Host host(ProcessDirectory self) {
        return new Facts.Host(
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                self.read("mountinfo", Integer.MAX_VALUE),
                self.read("limits", MOST_BYTES),
                NAMESPACES.stream().collect(Collectors.toMap(type -> type, self::inode)));
    }
}
