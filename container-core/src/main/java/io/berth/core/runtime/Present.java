// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.PollCalls;
import io.berth.core.protocol.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A container's present life, if it has one. Changed under the container's lock; reading never waits. */
final class Present {
    private final Recorded recorded;
    private volatile @Nullable Life life;
    private volatile boolean frozen;

    Present(Recorded recorded) {
        this.recorded = recorded;
    }

    /** Null when it does not run. */
    @Nullable
    Life life() {
        return life;
    }

    boolean isFrozen() {
        return frozen;
    }

    void begins(Life born) {
        frozen = false;
        life = born;
    }

    void freezes(boolean nowFrozen) {
        frozen = nowFrozen;
    }

    void ends() {
        life = null;
    }

    /** @throws ContainerException CONFLICT when it does not run */
    Life require() {
        recorded.requireReady();
        Life running = life;
        if (running == null) {
            throw stopped(null);
        }
        return running;
    }

    /**
     * Whether that life is over. PID 1 is the last to go: it ends what is left in its namespace first (zap_pid_ns_processes(),
     * kernel/pid_namespace.c).
     */
    boolean hasEnded(Life running, Duration patience) {
        if (life != running) {
            return true;
        }
        try (Fd init = running.dup(running.init)) {
            return PollCalls.awaitReadable(init, patience);
        } catch (ContainerException e) {
            return true; // closed meanwhile
        }
    }

    ContainerException stopped(@Nullable Throwable cause) {
        return new ContainerException(
                Refusal.CONFLICT, "container '" + recorded.name() + "' is stopped; start it first", cause);
    }
}
