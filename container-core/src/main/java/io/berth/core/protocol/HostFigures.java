// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

/**
 * What a host has.
 *
 * @param cpus processors that the agent may use
 * @param memoryBytes main memory
 * @param memoryAvailableBytes what of it could be used without swapping, by the kernel's estimate
 * @param poolBytes size of the containers' file system; 0 where it can't be looked at
 * @param poolFreeBytes what of it is free
 */
public record HostFigures(int cpus, long memoryBytes, long memoryAvailableBytes, long poolBytes, long poolFreeBytes) {}
