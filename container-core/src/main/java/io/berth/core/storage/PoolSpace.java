// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

/** Bytes of the pool's filesystem; what is neither used nor free is kept by the filesystem for itself. */
public record PoolSpace(long usedBytes, long freeBytes) {}
