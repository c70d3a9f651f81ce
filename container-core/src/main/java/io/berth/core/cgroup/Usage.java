// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cgroup;

/**
 * What a container uses.
 *
 * @param memoryBytes with the page cache
 * @param cpuMicros processor time since the cgroup was made, in microseconds; it begins at 0 again after {@code remove}
 * @param pids processes and threads
 */
public record Usage(long memoryBytes, long cpuMicros, int pids) {}
