// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.random.RandomGenerator;

/**
 * sshd's MaxStartups: from {@code start} connections that have not logged in on, {@code rate} of a hundred are refused, growing to
 * all of them at {@code full}; so a flood leaves its share to those who mean well.
 */
record MaxStartups(int start, int rate, int full) {
    private static final int PERCENT = 100;

    MaxStartups {
        if (start < 1 || full < start || rate < 1 || rate > PERCENT) {
            throw new IllegalArgumentException("start:rate:full with 1 <= start <= full and a rate of 1 to 100");
        }
    }

    boolean allows(int startups, RandomGenerator random) {
        if (startups < start) {
            return true;
        }
        if (startups >= full || rate == PERCENT) {
            return false;
        }
        // as long, for start and full may be large: should_drop_connection in sshd.c
        long percent = rate + (long) (PERCENT - rate) * (startups - start) / (full - start);
        return random.nextInt(PERCENT) >= percent;
    }
}
