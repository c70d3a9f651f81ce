// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.sftp;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How many events one session writes: a burst, and then so many a second. A client that touches a million files must not push others' events out. */
final class Budget {
    private static final int BURST = 500; // a source tree's worth
    private static final int A_SECOND = 10;

    private final LongSupplier nanos;
    private double left = BURST;
    private long at;

    /** @param nanos the time, as System.nanoTime has it */
    Budget(LongSupplier nanos) {
        this.nanos = nanos;
        this.at = nanos.getAsLong();
    }

    boolean take() {
        long now = nanos.getAsLong();
        left = Math.min(
                BURST,
                left + A_SECOND * (double) (now - at) / Duration.ofSeconds(1).toNanos());
        at = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
