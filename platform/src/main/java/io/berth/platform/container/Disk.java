// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.DiskStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a container and its snapshots take of the disk beside the image.
 *
 * @param limitBytes what they may
 */
record Disk(
        @Schema(description = "null where the pool does not count") @Nullable
        Long bytes,

        @Schema(description = "files and directories; null where the pool counts only the bytes that they take")
        @Nullable
        Long inodes,

        @Schema(description = "whether the limit holds") boolean limited,

        long limitBytes) {
    static Disk of(Container container, DiskStatus status) {
        return new Disk(
                status.bytes(),
                status.inodes(),
                status.limited(),
                container.limits().diskBytes());
    }
}
