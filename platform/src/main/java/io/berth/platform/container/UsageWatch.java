// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Standing;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Somebody who looks at a container's figures. Figures are replaced by newer ones: who reads slowly sees fewer, never old ones. */
final class UsageWatch {
    private final UUID container;
    private final UUID tenant;
    private final UUID user;
    private final Standing standing;
    private final BlockingQueue<String> newest = new ArrayBlockingQueue<>(1);
    private volatile boolean ended;

    UsageWatch(UUID container, UUID tenant, UUID user, Standing standing) {
        this.container = container;
        this.tenant = tenant;
        this.user = user;
        this.standing = standing;
    }

    UUID container() {
        return container;
    }

    synchronized void tell(String json) {
        newest.clear();
        newest.add(json);
    }

    /** Empty when none came in that time. */
    Optional<String> take(Duration patience) throws InterruptedException {
        return Optional.ofNullable(newest.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
        tell(""); // wakes who waits
    }

    boolean concerns(@Nullable UUID ofUser, @Nullable UUID ofTenant) {
        return (ofUser == null || ofUser.equals(user)) && (ofTenant == null || ofTenant.equals(tenant));
    }

    void endUnlessAllowed(TenantAccess access) {
        try {
            if (standing.now()
                    .map(caller -> access.require(caller, tenant, Permission.READ))
                    .isEmpty()) {
                end();
            }
        } catch (ProblemException e) {
            end();
        }
    }
}
