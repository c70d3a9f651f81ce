// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ContainerId;

/** One container's part of the disk. */
public record ContainerDisk(ContainerId id, DiskStatus disk) {}
