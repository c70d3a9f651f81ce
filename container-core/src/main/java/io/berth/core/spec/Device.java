// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

/** A device of the host's that a container may have besides those that every one has. There is no word for any other. */
public enum Device {
    /** Tunnels of the container's own network: VPNs. */
    TUN,
    /** File systems in user space, mounted in the container's own user namespace: sshfs, fuse-overlayfs. */
    FUSE,
    /** Virtual machines. */
    KVM,
    /** The render nodes of the host's graphics processors: computing and drawing, without a screen. */
    GPU
}
