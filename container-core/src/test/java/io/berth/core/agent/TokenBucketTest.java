// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    @Test
    void aBurstThenOnePerSecond() {
        var bucket = new TokenBucket(new Rate(2, 1), nanoTime::get);
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
        pass(Duration.ofMillis(600));
        assertThat(bucket.take()).isFalse();
        pass(Duration.ofMillis(600));
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
    }

    @Test
    void quietTimeEarnsNoMoreThanTheBurst() {
        var bucket = new TokenBucket(new Rate(2, 1), nanoTime::get);
        pass(Duration.ofHours(1));
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
    }
}
