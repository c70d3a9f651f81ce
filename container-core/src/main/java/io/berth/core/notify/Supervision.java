// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.Fd;
import io.berth.core.protocol.Denial;
import io.berth.core.protocol.RuleCount;
import io.berth.core.seccomp.SeccompPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One container's calls being answered, from its start, or the agent's, until {@link #close}. */
public final class Supervision implements AutoCloseable {
    private final Supervisor supervisor;
    private final Desk desk;
    private final List<Runnable> removals = new ArrayList<>();

    Supervision(Supervisor supervisor, Desk desk) {
        this.supervisor = supervisor;
        this.desk = desk;
    }

    /**
     * Listens to another filter of the same container.
     *
     * @param fd becomes the supervisor's
     * @param policy what the filter was compiled from
     */
    public synchronized void add(Fd fd, SeccompPolicy policy) {
        removals.add(supervisor.add(desk, fd, policy));
    }

    /** When counting began. */
    public Instant since() {
        return desk.since();
    }

    public List<RuleCount> counts() {
        return desk.counts();
    }

    /** The newest first. */
    public List<Denial> recent() {
        return desk.recent();
    }

    /** The container has ended: nobody will ask any more. */
    @Override
    public synchronized void close() {
        removals.forEach(Runnable::run);
        removals.clear();
    }
}
