// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.Cgroups;
import io.berth.core.plan.Spawner;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One resident that has joined cgroups of v1 before anybody asked: the next birth takes it, and its cgroups get the container's
 * name. A birth that finds none makes its own, which takes longer.
 */
final class SpareResident implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpareResident.class);

    /** Joining holds every fork of the host up for milliseconds: not while a container boots. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final Spawner spawner;
    private final Cgroups cgroups;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("spare-resident").factory());
    private @Nullable Resident ready;
    private @Nullable ScheduledFuture<?> making;
    private boolean closed;

    SpareResident(Spawner spawner, Cgroups cgroups) {
        this.spawner = spawner;
        this.cgroups = cgroups;
        makeAfter(Duration.ZERO);
    }

    /** The caller's from here on; there will be another. */
    synchronized Optional<Resident> take() {
        Optional<Resident> taken = Optional.ofNullable(ready).filter(Resident::isAlive);
        if (taken.isEmpty() && ready != null) {
            ready.close();
        }
        ready = null;
        makeAfter(QUIET);
        return taken;
    }

    private synchronized void makeAfter(Duration delay) {
        if (closed) {
            return;
        }
        if (making != null) {
            making.cancel(false);
        }
        making = later.schedule(this::make, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void make() {
        if (closed || ready != null) {
            return;
        }
        try {
            ready = Resident.start(spawner, cgroups::prepareSpare);
        } catch (RuntimeException e) {
            LOG.warn("event=no-spare-resident, the next start takes longer, ignoring", e);
        }
    }

    /** Ends it; a cgroup that it sat in stays. */
    @Override
    public synchronized void close() {
        closed = true;
        later.shutdownNow();
        if (ready != null) {
            ready.close();
            ready = null;
        }
    }
}
