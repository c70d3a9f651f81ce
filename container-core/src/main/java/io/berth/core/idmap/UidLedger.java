// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.util.BitSet;
import java.util.List;

/**
 * Ranges of 65,536 uids and gids of the host, each owned by at most one container. It holds no state of its own: at start every
 * container's record claims its range, and two that overlap stop the agent.
 *
 * <p>A freed range is used again last: allocation goes round the pool, so that a stale reference to an id meets nobody for as
 * long as possible.
 */
public final class UidLedger {
    /** Ids in a range. */
    public static final int RANGE = 65_536;

    /**
     * Ids that somebody else on this host may use.
     *
     * @param first lowest id
     * @param count how many
     * @param owner where it is written, for messages
     */
    public record Foreign(long first, long count, String owner) {
        boolean overlaps(long base) {
            return first < base + RANGE && base < first + count;
        }
    }

    private final long base;
    private final int ranges;
    private final BitSet used;
    private final BitSet foreign;
    private int cursor;

    /**
     * An empty ledger.
     *
     * @param base first id of the pool, a multiple of 65,536, at least 65,536
     * @param ranges how many ranges the pool has
     * @param others what the host has given to others; ranges that overlap are never handed out
     */
    public UidLedger(long base, int ranges, List<Foreign> others) {
        if (base < RANGE || base % RANGE != 0 || ranges < 1 || base + (long) ranges * RANGE > 1L << 31) {
            throw new IllegalArgumentException(
                    "uid pool " + base + " x " + ranges
                            + ": the base is a multiple of 65536, not 0, and the pool ends below 2147483648, as programs take larger ids for negative ones");
        }
        this.base = base;
        this.ranges = ranges;
        this.used = new BitSet(ranges);
        this.foreign = new BitSet(ranges);
        for (int i = 0; i < ranges; i++) {
            long start = start(i);
            foreign.set(i, others.stream().anyMatch(other -> other.overlaps(start)));
        }
    }

    /** Hands out a range that nobody owns: its first id. */
    public synchronized long allocate() {
        for (int tried = 0; tried < ranges; tried++) {
            int index = (cursor + tried) % ranges;
            if (!used.get(index) && !foreign.get(index)) {
                used.set(index);
                cursor = (index + 1) % ranges;
                return start(index);
            }
        }
        throw new UidsExhaustedException("all " + ranges + " uid ranges from " + base
                + " are taken; delete a container or raise BERTH_UID_RANGES");
    }

    /** Notes that a container owns the range at {@code start}, as its record says. */
    public synchronized void claim(long start) {
        int index = index(start);
        if (used.get(index)) {
            throw new IllegalStateException(
                    "uid range " + start + " is claimed by two containers; remove one of the records");
        }
        used.set(index);
        cursor = Math.max(cursor, (index + 1) % ranges);
    }

    /** Takes a range back; nothing of its owner may exist any more. */
    public synchronized void release(long start) {
        used.clear(index(start));
    }

    /** How many ranges can still be handed out. */
    public synchronized int free() {
        BitSet taken = (BitSet) used.clone();
        taken.or(foreign);
        return ranges - taken.cardinality();
    }

    private long start(int index) {
        return base + (long) index * RANGE;
    }

    private int index(long start) {
        long index = (start - base) / RANGE;
        if ((start - base) % RANGE != 0 || index < 0 || index >= ranges) {
            throw new IllegalStateException("uid range " + start + " is outside the pool of " + ranges + " from " + base
                    + "; set BERTH_UID_BASE and BERTH_UID_RANGES back to what they were");
        }
        return (int) index;
    }
}
