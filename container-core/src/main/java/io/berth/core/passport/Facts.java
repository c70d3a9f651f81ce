// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.List;
import java.util.Map;

/**
 * What the kernel said about one container, as it said it; {@link Policy} reads it.
 *
 * @param init its PID 1
 * @param monitor its monitor, outside
 * @param host this process, which stands for the host
 */
public record Facts(Init init, Monitor monitor, Host host) {

    /**
     * Files of /proc/PID.
     *
     * @param namespaces by type, such as {@code mnt}
     * @param label of the security module; empty where this kernel has none that labels
     * @param openFiles the lowest descriptors, as many as were looked at
     * @param isWhole whether everything was looked at: a tenant may mount and open more than is good to read
     */
    public record Init(
            String uidMap,
            String gidMap,
            String status,
            String mountinfo,
            String cgroup,
            String limits,
            int oomScoreAdj,
            String label,
            Map<String, Namespace> namespaces,
            List<OpenFile> openFiles,
            boolean isWhole) {
        public Init {
            namespaces = Map.copyOf(namespaces);
            openFiles = List.copyOf(openFiles);
        }
    }

    /** @param openFiles what it leads to, by number */
    public record Monitor(String status, Map<Integer, String> openFiles) {
        public Monitor {
            openFiles = Map.copyOf(openFiles);
        }
    }

    /** @param namespaces inodes by type */
    public record Host(String kernel, String mountinfo, String limits, Map<String, Long> namespaces) {
        public Host {
            namespaces = Map.copyOf(namespaces);
        }
    }

    /**
     * A namespace, see ioctl_ns(2).
     *
     * @param owner inode of the user namespace that owns it; of the parent for a user namespace
     * @param ownerUid the host's uid that made it, for a user namespace, else -1
     */
    public record Namespace(long inode, long owner, long ownerUid) {}

    /**
     * A file that PID 1 has open.
     *
     * @param target as readlink(2) tells; never followed
     * @param mount the mount that it was opened through
     */
    public record OpenFile(int number, String target, int mount) {}
}
