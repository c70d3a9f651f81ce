// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.audit;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids in the order of time: UUID version 7, RFC 9562. */
public final class TimeOrdered {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int VERSION = 0x7000;
    private static final int TWELVE_BITS = 0x0fff;
    private static final long VARIANT = 0x8000000000000000L;
    private static final long BELOW_VARIANT = 0x3fffffffffffffffL;

    private TimeOrdered() {}

    public static UUID id() {
        long high = System.currentTimeMillis() << 16 | VERSION | (RANDOM.nextInt() & TWELVE_BITS);
        return new UUID(high, VARIANT | (RANDOM.nextLong() & BELOW_VARIANT));
    }
}
