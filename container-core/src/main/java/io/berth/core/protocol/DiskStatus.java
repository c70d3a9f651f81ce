// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a container and its snapshots take of the node's disk beside the image, by the filesystem's counters.
 *
 * @param bytes with the metadata of its files, and with what a copy began with; null where the pool's filesystem doesn't count
 * @param inodes null where it doesn't count those; what many small files take is among the bytes then
 * @param limited whether the filesystem holds the limit of bytes, against root in the container too
 */
public record DiskStatus(@Nullable Long bytes, @Nullable Long inodes, boolean limited) {
    /** Nobody counts. */
    public static final DiskStatus UNKNOWN = new DiskStatus(null, null, false);
}
