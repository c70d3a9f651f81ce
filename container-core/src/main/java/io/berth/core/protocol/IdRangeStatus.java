// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ContainerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One range of the host's uids and gids that is or was used, or that somebody else on the host has ids of.
 *
 * @param start its first id
 * @param count how many
 * @param state where it stands
 * @param container who has or last had it; null for an image's build, or nobody yet
 * @param since when its state began, null when nobody ever had it
 * @param until when its quarantine ends, null unless it is in one
 * @param conflicts who else has ids of it, each with the cure; a range with conflicts is handed out to nobody
 */
public record IdRangeStatus(
        long start,
        int count,
        State state,
        @Nullable ContainerId container,
        @Nullable Instant since,
        @Nullable Instant until,
        List<String> conflicts) {
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

    public IdRangeStatus {
        conflicts = List.copyOf(conflicts);
    }
}
