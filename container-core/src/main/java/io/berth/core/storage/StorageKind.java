// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

/** How trees are kept. */
public enum StorageKind {
    /** Subvolumes and snapshots: what containers that run containers need, and what makes limits possible. */
    BTRFS,
    /** Overlays on whatever filesystem is there. */
    OVERLAY
}
