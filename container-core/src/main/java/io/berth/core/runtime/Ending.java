// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SyscallException;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.NetworkMode;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a container's life ends, and what becomes of what it leaves. Under the container's lock. */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final Duration AFTER_KILL = Duration.ofSeconds(30);

    private final Machine machine;
    private final Recorded recorded;
    private final Present present;
    private final Figures figures;
    private final Runnable changed;
    private volatile boolean hurried;

    /** @param changed tells whoever listens that the container has changed */
    Ending(Machine machine, Recorded recorded, Present present, Figures figures, Runnable changed) {
        this.machine = machine;
        this.recorded = recorded;
        this.present = present;
        this.figures = figures;
        this.changed = changed;
    }

    /** Whether somebody waits for the container's lock who must not wait for a shutdown. From any thread. */
    void hurry(boolean now) {
        hurried = now;
    }

    /** @param patience how long it may take for a shutdown of its own */
    void end(Life running, Duration patience) {
        boolean held = recorded.isHeld();
        Duration grace = held ? Duration.ZERO : patience; // what is in quarantine runs no more, not even to its end
        if (present.isFrozen() && !held) {
            running.cgroup.thaw();
        }
        present.freezes(false);
        if (!grace.isZero()) {
            signalInit(
                    running, machine.images().haltSignal(recorded.now().spec().image()));
        }
        if (!awaitEnd(running, grace)) {
            LOG.info("event=killed-after-grace container={} grace={}", recorded.id(), grace);
            running.cgroup.kill();
            signalInit(running, Signal.SIGKILL.number());
            if (!PollCalls.awaitReadable(running.monitor, AFTER_KILL)) {
                throw new ContainerException(
                        Refusal.FAILED,
                        "container " + recorded.id() + " did not end within " + AFTER_KILL
                                + " of SIGKILL: a process hangs in the kernel; see dmesg");
            }
        }
        bury(running, false);
    }

    /** @throws ContainerException CONFLICT when it is put into quarantine meanwhile: then it is kept, and not killed */
    private boolean awaitEnd(Life running, Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        Duration left = grace;
        while (!PollCalls.awaitReadable(running.monitor, left.compareTo(SLICE) < 0 ? left : SLICE)) {
            if (hurried) {
                throw new ContainerException(
                        Refusal.CONFLICT,
                        "container '" + recorded.name() + "' is being put into quarantine; release it first");
            }
            left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (left.isZero()) {
                return false;
            }
        }
        return true;
    }

    private static void signalInit(Life running, int signal) {
        try {
            ProcessCalls.pidfdSendSignal(running.init, signal);
        } catch (SyscallException e) {
            LOG.debug("event=init-gone error={}, ignoring", e.getMessage());
        }
    }

    /**
     * After PID 1's end: clears what it leaves, and remembers how it ended.
     *
     * @param byItself whether nobody asked the agent for it: then only a reboot brings the container back
     * @return whether it asked for a reboot
     */
    boolean bury(Life ended, boolean byItself) {
        figures.readLast(ended);
        ExitRecord exit = ExitRecord.read(machine.statusFile(recorded.id()));
        boolean shouldRun = byItself ? exit.isReboot() : recorded.now().shouldRun();
        reap(ended.monitor);
        clear(ended);
        recorded.note(recorded.now().ended(exit.describe(), shouldRun));
        LOG.info("event=container-ended container={} how=\"{}\"", recorded.id(), exit.describe());
        changed.run();
        return exit.isReboot();
    }

    private static void reap(Fd monitor) {
        try {
            ProcessCalls.waitidNow(monitor);
        } catch (SyscallException e) {
            LOG.debug("event=not-our-child error={}, ignoring", e.getMessage()); // an earlier agent's
        }
    }

    private void clear(Life ended) {
        ended.closeDoor();
        ended.cgroup.kill();
        ended.cgroup.remove();
        machine.security().unload(recorded.id());
        ended.closeSupervision();
        if (recorded.now().spec().network() == NetworkMode.NAT) {
            machine.network().disconnect(recorded.id());
        }
    }
}
