// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

/**
 * Ids that somebody else on this host has or uses.
 *
 * @param first lowest id
 * @param count how many
 * @param where it was found, such as {@code /etc/subuid line 3 (ann)}
 * @param cure what frees them for containers
 */
public record ForeignIds(long first, long count, String where, String cure) {
    /** Whether some of it are in the range that begins at {@code start}. */
    public boolean overlaps(long start) {
        return first < start + IdPool.RANGE && start < first + count;
    }

    @Override
    public String toString() {
        return where + " has ids " + first + " to " + (first + count - 1) + ": " + cure;
    }
}
