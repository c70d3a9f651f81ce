// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FilesystemStatus;

/** Bytes of the pool's filesystem; what is neither used nor free is kept by the filesystem for itself. */
public record PoolSpace(long usedBytes, long freeBytes) {
    private static final int SHORT = 8;

    /** Of the filesystem that a file lies on. */
    static PoolSpace of(Fd file) {
        FilesystemStatus status = FileCalls.fstatfs(file);
        return new PoolSpace(
                (status.blocks() - status.free()) * status.blockBytes(), status.available() * status.blockBytes());
    }

    /** Whether less than an eighth is free. */
    boolean isShort() {
        return freeBytes < (usedBytes + freeBytes) / SHORT;
    }
}
