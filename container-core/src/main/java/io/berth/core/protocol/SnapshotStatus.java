// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.SnapshotId;
import java.time.Instant;

/**
 * A container's files as they were once; they never change again and go with the container.
 *
 * @param id its identity
 * @param takenAt when it was taken
 */
public record SnapshotStatus(SnapshotId id, Instant takenAt) {}
