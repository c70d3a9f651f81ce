// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.lsm.AppArmor;
import io.berth.core.lsm.NoModule;
import io.berth.core.lsm.SecurityModule;
import io.berth.core.lsm.Selinux;
import io.berth.core.spec.PublishablePorts;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a node lives on its host and what it may use there. Values are checked by whoever reads them from outside.
 *
 * @param instance names the cgroup parent, the bridge (its name and a 0) and the nft table
 * @param stateDir survives a reboot; holds {@code agent/} and {@code pool/}
 * @param runDir does not survive a reboot
 * @param storage how root file systems are kept
 * @param poolBytes size of the sparse pool file, null for four fifths of what is free; the overlay driver ignores it
 * @param uidBase first uid and gid that containers own
 * @param uidRanges how many ranges of 65,536 follow it
 * @param uidQuarantine how long a range that a container had belongs to nobody
 * @param ipv4 the bridge's address and net, such as {@code 10.181.0.1/16}; null for no IPv4
 * @param ipv6 the same for IPv6
 * @param monitorUid the uid and gid of the containers' monitors
 * @param lsm what is wanted of the host's security module
 * @param passportInterval how often each running container is compared with policy
 * @param freezeOnDrift whether one that begins to differ is cut off
 * @param publishablePorts which of its ports containers may publish
 */
public record RuntimeSettings(
        String instance,
        Path stateDir,
        Path runDir,
        StorageDriver storage,
        @Nullable Long poolBytes,
        long uidBase,
        int uidRanges,
        Duration uidQuarantine,
        @Nullable String ipv4,
        @Nullable String ipv6,
        int monitorUid,
        Lsm lsm,
        Duration passportInterval,
        boolean freezeOnDrift,
        PublishablePorts publishablePorts) {
    /** Often enough for an operator to see drift soon, seldom enough to cost a node of a thousand a thirtieth of one CPU. */
    public static final Duration PASSPORT_INTERVAL = Duration.ofSeconds(60);

    /**
     * What is wanted of the host's security module.
     *
     * @param required without it no node opens
     * @param selinuxType the type of containers' processes where the host has SELinux
     */
    public record Lsm(Required required, SelinuxType selinuxType) {
        public static final Lsm DEFAULT = new Lsm(Required.NONE, SelinuxType.CONTAINER_INIT_T);

        /** Which module must confine containers. */
        public enum Required {
            NONE,
            ANY,
            APPARMOR,
            SELINUX;

            public boolean isMetBy(SecurityModule found) {
                return switch (this) {
                    case NONE -> true;
                    case ANY -> !(found instanceof NoModule);
                    case APPARMOR -> found instanceof AppArmor;
                    case SELINUX -> found instanceof Selinux;
                };
            }
        }

        /** See {@link io.berth.core.lsm.SelinuxType}. */
        public enum SelinuxType {
            CONTAINER_INIT_T,
            CONTAINER_T,
            SVIRT_LXC_NET_T,
            BERTH_CONTAINER_T
        }
    }

    /** How root file systems are kept. */
    public enum StorageDriver {
        /** Subvolumes and snapshots in a pool file of the agent's own. */
        BTRFS,
        /** Overlays on whatever file system holds the state directory. */
        OVERLAY
    }
}
