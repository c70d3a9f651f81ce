// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

/**
 * A pair of SELinux categories. A process reaches an object when its categories include the object's, so two different pairs never
 * reach each other.
 *
 * @param low the smaller
 * @param high the larger
 */
record Mcs(int low, int high) {
    static final int CATEGORIES = 1024; // c0 to c1023, as policies define them
    static final int PAIRS = CATEGORIES * (CATEGORIES - 1) / 2;

    Mcs {
        if (low < 0 || low >= high || high >= CATEGORIES) {
            throw new IllegalArgumentException("categories c" + low + ",c" + high);
        }
    }

    /** The pairs in order: c0,c1; c0,c2; c1,c2; c0,c3 …: one for each place in the uid ledger, which has fewer. */
    static Mcs of(int index) {
        if (index < 0 || index >= PAIRS) {
            throw new IllegalArgumentException("there are " + PAIRS + " pairs of categories, none of number " + index);
        }
        int high = 1;
        int before = 0;
        while (before + high <= index) {
            before += high;
            high++;
        }
        return new Mcs(index - before, high);
    }

    @Override
    public String toString() {
        return "c" + low + ",c" + high;
    }
}
