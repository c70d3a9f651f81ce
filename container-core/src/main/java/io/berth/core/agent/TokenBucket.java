// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import java.util.function.LongSupplier;

/** A rate's account: each request takes a token, time brings new ones. */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Rate rate;
    private final LongSupplier nanoTime;
    private double tokens;
    private long filledAt;

    TokenBucket(Rate rate, LongSupplier nanoTime) {
        this.rate = rate;
        this.nanoTime = nanoTime;
        this.tokens = rate.burst();
        this.filledAt = nanoTime.getAsLong();
    }

    /** @return false when there is none left */
    synchronized boolean take() {
        long now = nanoTime.getAsLong();
        double earned = (now - filledAt) / NANOS_PER_SECOND * rate.perSecond();
        tokens = Math.min(rate.burst(), tokens + earned);
        filledAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
