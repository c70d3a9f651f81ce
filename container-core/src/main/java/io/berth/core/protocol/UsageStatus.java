// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ContainerId;
import java.time.Instant;

/**
 * What a running container uses, by the kernel's counters.
 *
 * @param since when its PID 1 was executed
 * @param cpuMicros processor time since then, in microseconds
 * @param memoryBytes now, with the page cache and what the kernel keeps for it: inodes, mounts, terminals, watches
 * @param pids processes and threads, now
 * @param disk what its files take, now
 */
public record UsageStatus(ContainerId id, Instant since, long cpuMicros, long memoryBytes, int pids, DiskStatus disk) {
    /** Where nobody counts the disk. */
    public UsageStatus(ContainerId id, Instant since, long cpuMicros, long memoryBytes, int pids) {
        this(id, since, cpuMicros, memoryBytes, pids, DiskStatus.UNKNOWN);
    }
}
