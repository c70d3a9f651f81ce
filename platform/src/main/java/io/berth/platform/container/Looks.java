// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Tenant;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * How often the node may be asked something that takes it a moment: a passport, denials, usage, snapshots, the console. The node knows one
 * platform and no tenants, so what one tenant asks too much is stopped here, before it takes what the others need. An operator has a budget
 * of their own.
 */
@Component
class Looks {
    /** A page of the portal that shows all of a tenant's containers at once, then one that looks every half second. */
    private static final Rate TENANT = new Rate(40, 2);

    /** A round over a thousand containers in less than a minute; half of what the node grants the platform. */
    private static final Rate OPERATOR = new Rate(100, 20);

    private static final double NANOS = 1e9;

    private final ConcurrentHashMap<UUID, Bucket> buckets = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    @Autowired
    Looks() {
        this(System::nanoTime);
    }

    Looks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Rate(double burst, double perSecond) {}

    /** @param admitted whether the last who asked may */
    private record Bucket(Rate rate, double tokens, long at, boolean admitted) {
        double now(long time) {
            return Math.min(rate.burst, tokens + (time - at) / NANOS * rate.perSecond);
        }

        Duration untilNext() {
            return Duration.ofNanos((long) ((1 - tokens) / rate.perSecond * NANOS));
        }
    }

    /** @throws ProblemException 429 with the time after which it is good again */
    void admit(Caller caller, Tenant tenant) {
        boolean isOperator = caller.operates(OperatorPower.LOOK);
        take(isOperator ? caller.userId() : tenant.id(), isOperator ? OPERATOR : TENANT);
    }

    private void take(UUID who, Rate rate) {
        long time = nanoTime.getAsLong();
        Bucket bucket = buckets.compute(who, (_, before) -> {
            double there = before == null ? rate.burst : before.now(time);
            return there < 1 ? new Bucket(rate, there, time, false) : new Bucket(rate, there - 1, time, true);
        });
        if (!bucket.admitted) {
            throw ProblemException.tooMany(
                    "the node was asked too often; ask " + rate.perSecond + " times a second at most in the long run",
                    bucket.untilNext());
        }
    }

    /** A full one says nothing. */
    @Scheduled(fixedRateString = "PT1M")
    void forgetFull() {
        long time = nanoTime.getAsLong();
        buckets.values().removeIf(bucket -> bucket.now(time) >= bucket.rate.burst);
    }
}
