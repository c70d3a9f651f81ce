// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much of the node's processors a container's calls may take: a token bucket whose tokens are nanoseconds of serving it, without
 * those of waiting for a disk or for other work. Whoever has
 * used it up waits in the kernel, which costs nothing.
 */
final class Budget {
    /** A second's worth: some ten thousand calls, more than unpacking any image makes. */
    static final Duration BURST = Duration.ofSeconds(1);

    /** In the long run, a twentieth of one processor. */
    static final int SHARE = 20;

    private final LongSupplier nanoTime;
    private long tokens = BURST.toNanos();
    private long filledAt;

    Budget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.filledAt = nanoTime.getAsLong();
    }

    synchronized void spend(long nanos) {
        fill();
        tokens -= nanos;
    }

    /** Zero when the next call may be served, else how long it must wait. */
    synchronized Duration due() {
        fill();
        return tokens > 0 ? Duration.ZERO : Duration.ofNanos((1 - tokens) * SHARE);
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        long earned = (now - filledAt) / SHARE;
        tokens = Math.min(BURST.toNanos(), tokens + earned);
        filledAt += earned * SHARE; // the rest is earned next time
    }
}
