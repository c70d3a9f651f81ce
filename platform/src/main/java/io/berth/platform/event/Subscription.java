// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.event;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.security.Standing;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who watches: what they may see is put into a bounded queue by the feed's thread, and taken out by the thread that sends it. Who
 * is too slow for the queue is told to fetch everything anew.
 */
final class Subscription {
    private static final int MOST_QUEUED = 500;

    /** What can be taken. */
    sealed interface Item {
        record Told(Event event) implements Item {}

        /** Something was left out: fetch everything anew, and resume from there. */
        record Reset(long horizon) implements Item {}

        /** The credential is good no longer. */
        record Ended() implements Item {}
    }

    private final Standing standing;
    private final TenantAccess access;
    private final @Nullable Long resumeFrom;
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>(MOST_QUEUED + 2); // room for Reset and Ended
    private final Map<UUID, Boolean> visible = new HashMap<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile Caller caller;

    /** @param resumeFrom the horizon of the last event that the client has; null for a new client */
    Subscription(Caller caller, Standing standing, TenantAccess access, @Nullable Long resumeFrom) {
        this.caller = caller;
        this.standing = standing;
        this.access = access;
        this.resumeFrom = resumeFrom;
    }

    @Nullable
    Long resumeFrom() {
        return resumeFrom;
    }

    /** From here on nothing is missed. */
    void begin() {
        begun.countDown();
    }

    /** False when the feed did not come to it in that time. */
    boolean awaitBegin(Duration patience) throws InterruptedException {
        return begun.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Empty after that time. */
    Optional<Item> take(Duration patience) throws InterruptedException {
        return Optional.ofNullable(queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** By the feed's thread alone. */
    void tell(Collection<Event> events) {
        for (Event event : events) {
            if (!maySee(event)) {
                continue;
            }
            if (queue.size() >= MOST_QUEUED) {
                reset(event.horizon());
                return;
            }
            queue.add(new Item.Told(event));
        }
    }

    void reset(long horizon) {
        queue.clear();
        queue.add(new Item.Reset(horizon));
    }

    void end() {
        queue.clear();
        queue.add(new Item.Ended());
    }

    boolean concerns(@Nullable UUID user) {
        return user == null || caller.userId().equals(user);
    }

    /** Looks the credential up again, and forgets what it was found to reach. */
    void lookAgain() {
        visible.clear();
        Optional<Caller> now = standing.now();
        if (now.isPresent()) {
            caller = now.get();
        } else {
            end();
        }
    }

    private boolean maySee(Event event) {
        if (event.kind() == EventKind.IMAGE || caller.operates(OperatorPower.LOOK)) {
            return true;
        }
        UUID tenant = event.tenantId();
        return tenant != null && visible.computeIfAbsent(tenant, this::maySee);
    }

    private boolean maySee(UUID tenant) {
        try {
            access.require(caller, tenant, Permission.READ);
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }
}
