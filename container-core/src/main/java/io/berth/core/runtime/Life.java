// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.ContainerCgroup;
import io.berth.core.linux.Fd;
import io.berth.core.protocol.Refusal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the agent holds of a running container. Made at birth or when a new agent picks it up; closed when its monitor has ended.
 */
final class Life implements AutoCloseable {
    final ContainerRecord.Run run;
    final Fd init;
    final Fd monitor;
    final Fd devpts;
    final ContainerCgroup cgroup;
    private final Supplier<Entrance> newEntrance;
    private @Nullable Entrance entrance;
    private boolean closed;

    /**
     * Takes the fds over.
     *
     * @param init PID 1's pidfd
     * @param monitor the monitor's pidfd
     * @param newEntrance makes an entrance where none was left from the birth
     */
    Life(
            ContainerRecord.Run run,
            Fd init,
            Fd monitor,
            Fd devpts,
            ContainerCgroup cgroup,
            Supplier<Entrance> newEntrance,
            @Nullable Entrance entrance) {
        this.run = run;
        this.init = init;
        this.monitor = monitor;
        this.devpts = devpts;
        this.cgroup = cgroup;
        this.newEntrance = newEntrance;
        this.entrance = entrance;
    }

    /** An fd of the caller's own, so that the container's end can't put another container's in its place meanwhile. */
    synchronized Fd dup(Fd held) {
        requireOpen();
        return held.dup();
    }

    private void requireOpen() {
        if (closed) {
            throw new ContainerException(Refusal.CONFLICT, "the container has just ended; start it and try again");
        }
    }

    synchronized Entrance entrance() {
        requireOpen();
        if (entrance != null && !entrance.isAlive()) {
            closeEntrance(); // it counts against the container's memory, so it can be chosen when that runs out
        }
        if (entrance == null) {
            entrance = newEntrance.get();
        }
        return entrance;
    }

    @Override
    public synchronized void close() {
        closed = true;
        init.close();
        devpts.close();
        monitor.close();
        closeEntrance();
    }

    /** It sits in the container's cgroups, which can't be removed before. */
    synchronized void closeEntrance() {
        if (entrance != null) {
            entrance.close();
            entrance = null;
        }
    }
}
