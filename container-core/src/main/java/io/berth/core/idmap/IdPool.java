// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import java.util.BitSet;
import java.util.List;

/**
 * The ids of the host that containers may own, cut into ranges of 65,536.
 *
 * @param base first id, a multiple of 65,536, at least 65,536
 * @param ranges how many ranges follow
 */
public record IdPool(long base, int ranges) {
    /** Ids in a range: all that 16 bits can name, which is what a distribution's own accounts and nobody (65534) need. */
    public static final int RANGE = 65_536;

    public IdPool {
        if (base < RANGE || base % RANGE != 0 || ranges < 1 || base + (long) ranges * RANGE > 1L << 31) {
            throw new IllegalArgumentException(
                    "uid pool " + base + " x " + ranges
                            + ": the base is a multiple of 65536, not 0, and the pool ends below 2147483648, as programs take larger ids for negative ones");
        }
    }

    /** The id after the last. */
    public long end() {
        return base + (long) ranges * RANGE;
    }

    /** How many ranges nobody else has ids of. */
    public int available(List<ForeignIds> others) {
        return ranges - indexes(others).cardinality();
    }

    boolean overlaps(ForeignIds other) {
        return other.first() < end() && base < other.first() + other.count();
    }

    /** Which ranges somebody else has ids of. */
    BitSet indexes(List<ForeignIds> others) {
        var indexes = new BitSet(ranges);
        for (ForeignIds other : others) {
            long last = other.first() + other.count() - 1;
            if (other.count() > 0 && last >= base && other.first() < end()) {
                indexes.set((int) ((Math.max(other.first(), base) - base) / RANGE), (int)
                        ((Math.min(last, end() - 1) - base) / RANGE + 1));
            }
        }
        return indexes;
    }

    long start(int index) {
        return base + (long) index * RANGE;
    }

    boolean contains(long start) {
        return start >= base && start < end() && (start - base) % RANGE == 0;
    }

    /** @throws IllegalStateException when no range of the pool begins there */
    int index(long start) {
        if (!contains(start)) {
            throw new IllegalStateException("uid range " + start + " is outside the pool of " + ranges + " from " + base
                    + "; set BERTH_UID_BASE and BERTH_UID_RANGES back to what they were");
        }
        return (int) ((start - base) / RANGE);
    }
}
