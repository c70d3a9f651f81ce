// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import java.time.Instant;

/**
 * When a container's snapshots are taken by themselves.
 *
 * @param keep how many; the oldest goes when a newer one has been taken
 * @param nextAt when the next is due
 */
record SnapshotSchedule(Cadence cadence, int keep, Instant nextAt) {}
