// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import io.berth.core.spec.ContainerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One range of the pool as the ledger sees it.
 *
 * @param start its first id
 * @param state where it stands
 * @param container who has or last had it; null for an image's build, or nobody yet
 * @param since when its state began, null when nobody noted it
 * @param until when its quarantine ends, null unless it is in one
 * @param conflicts who else has ids of it
 */
public record IdRange(
        long start,
        State state,
        @Nullable ContainerId container,
        @Nullable Instant since,
        @Nullable Instant until,
        List<ForeignIds> conflicts) {
    /** Where a range stands. */
    public enum State {
        /** A container's. */
        OWNED,
        /** An image's build runs under it. */
        LENT,
        /** It was used, and nobody gets it yet. */
        QUARANTINED,
        /** It was used, and is used again once no fresh one is left. */
        RESTED,
        /** Nobody ever had it. */
        FRESH
    }

    public IdRange {
        conflicts = List.copyOf(conflicts);
    }
}
