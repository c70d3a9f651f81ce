// SPDX-License-Identifier: Apache-2.0
package io.berth.core.storage;

/**
 * How proc_pid_mountinfo(5) shows volumes.
 *
 * @param device major:minor of the pool's filesystem
 * @param prefix what comes before a volume's id in the root of its mount, as the kernel writes it
 */
public record VolumeRoots(String device, String prefix) {}
