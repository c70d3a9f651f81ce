// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

/** A container uses more memory than it is to have, and the kernel could not take it back. */
public final class MemoryInUseException extends RuntimeException {
    MemoryInUseException(long usedBytes, long wantedBytes) {
        super("the container uses " + usedBytes + " bytes of memory, so its limit can't become " + wantedBytes
                + "; end processes in it, or choose a higher limit");
    }
}
