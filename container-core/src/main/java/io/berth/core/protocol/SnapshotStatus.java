// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import java.time.Instant;

/**
 * A container's files as they were once; they never change again and go with the container.
 *
 * @param id its identity
 * @param name no other of the container's has it
 * @param takenAt when it was taken
 */
public record SnapshotStatus(SnapshotId id, SnapshotName name, Instant takenAt) {}
