// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;

/**
 * What a container's record says of a snapshot.
 *
 * @param taken whether its files are there; until then a start of the agent finds out
 */
record SnapshotNote(SnapshotId id, SnapshotName name, boolean taken) {
    SnapshotStatus status() {
        return new SnapshotStatus(id, name, id.takenAt());
    }
}
