// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import org.jspecify.annotations.Nullable;

/**
 * What a container and its snapshots take of the pool beside the image.
 *
 * @param bytes with the metadata of its files; null where the pool's filesystem doesn't count
 * @param inodes null where it doesn't count those
 * @param limited whether the filesystem holds the limit of bytes, against root in the container too
 */
public record DiskUsage(@Nullable Long bytes, @Nullable Long inodes, boolean limited) {
    /** Nobody counts. */
    public static final DiskUsage UNKNOWN = new DiskUsage(null, null, false);
}
