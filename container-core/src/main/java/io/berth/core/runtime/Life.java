// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.ContainerCgroup;
import io.berth.core.linux.Fd;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SyscallException;
import io.berth.core.notify.Supervision;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanException;
import io.berth.core.plan.Report;
import io.berth.core.process.Monitor;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.runtime.Arrival.TurnedAwayException;
import io.berth.core.seccomp.SeccompPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent holds of a running container. Made at birth or when a new agent picks it up; closed when its monitor has ended.
 */
final class Life implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Life.class);
    private static final byte[] ONE = {1};

    final ContainerRecord.Run run;
    final Fd init;
    final Fd monitor;
    final Fd devpts;
    final ContainerCgroup cgroup;
    private final Supplier<Door> newDoor;
    private @Nullable Door door;
    private volatile @Nullable Accounts accounts;
    private final SeccompPolicy policy;
    private @Nullable Supervision supervision;
    private boolean doorIsHeard;
    private @Nullable Fd leaf;
    private boolean closed;

    /**
     * Takes the fds over.
     *
     * @param init PID 1's pidfd
     * @param monitor the monitor's pidfd
     * @param newDoor makes a door where none was left from the birth, or it has died
     * @param policy what it was born under, or of today if another agent bore it
     */
    Life(
            ContainerRecord.Run run,
            Fd init,
            Fd monitor,
            Fd devpts,
            ContainerCgroup cgroup,
            Supplier<Door> newDoor,
            @Nullable Door door,
            SeccompPolicy policy) {
        this.run = run;
        this.init = init;
        this.monitor = monitor;
        this.devpts = devpts;
        this.cgroup = cgroup;
        this.newDoor = newDoor;
        this.door = door;
        this.policy = policy;
    }

    /** Whether PID 1 was born under that patch. */
    boolean isPatched(PatchStatus patch) {
        return policy.denies(patch.call()) && run.startedAt().isAfter(patch.addedAt());
    }

    SeccompPolicy policy() {
        return policy;
    }

    /** Takes it over. */
    synchronized void supervisedBy(@Nullable Supervision supervision) {
        this.supervision = supervision;
    }

    /** Null when nobody listens to its filter. */
    synchronized @Nullable Supervision supervision() {
        return supervision;
    }

    /** No process is left that could ask. */
    synchronized void closeSupervision() {
        if (supervision != null) {
            supervision.close();
            supervision = null;
        }
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

    /**
     * Forks a process in the container.
     *
     * @param rules what it is held to
     * @param cgroup where it is born
     * @return what it tells; {@link ForkLoop#BORN} its pid
     */
    Report ask(Rules rules, Plan plan, Fd code, Outfit outfit, Fd cgroup) {
        return door(rules).ask(plan, code, outfit, cgroup);
    }

    /** @param rules today's */
    private synchronized Door door(Rules rules) {
        requireOpen();
        // it counts against the container's memory, so it can be chosen when that runs out
        if (door != null && (!door.isAlive() || !door.rules().policy().equals(rules.policy()))) {
            closeDoor();
        }
        Door open = door;
        if (open == null) {
            open = newDoor.get();
            door = open;
        }
        if (!doorIsHeard) {
            hear(open);
        }
        return open;
    }

    /** Nobody comes through it before its calls are answered, and will be after the agent's death. */
    private void hear(Door open) {
        try {
            Fd listener = open.listener(init);
            if (supervision == null) {
                listener.close(); // the container is ending
            } else {
                keepIfPossible(listener);
                supervision.add(listener, open.rules().policy());
            }
            doorIsHeard = true;
        } catch (SyscallException | PlanException e) {
            closeDoor();
            throw new TurnedAwayException(String.valueOf(e.getMessage()));
        }
    }

    /** A monitor that has no room left, after hundreds of doors that tenants made die, keeps no login from getting in. */
    private void keepIfPossible(Fd listener) {
        try {
            keep(listener);
        } catch (SyscallException e) {
            LOG.warn("event=listener-not-kept error=\"{}\", ignoring: with the agent, its answers end", e.getMessage());
        }
    }

    /** Gives the monitor a descriptor to keep for agents to come, as long as the container runs. */
    void keep(Fd fd) {
        try (Fd mine = dup(monitor);
                Fd store = ProcessCalls.pidfdGetfd(mine, Monitor.STORE_FD)) {
            SocketCalls.sendmsg(store, ONE, List.of(fd), SocketConstant.MSG_DONTWAIT);
        }
    }

    /** A cgroup for a process that comes in, the caller's own: the one that was good enough for the last. */
    synchronized Fd leaf() {
        requireOpen();
        if (leaf == null) {
            leaf = cgroup.attachLeaf();
        }
        return leaf.dup();
    }

    /** One that was never used, instead of one that is no good. */
    synchronized Fd freshLeaf() {
        requireOpen();
        closeLeaf();
        leaf = cgroup.freshAttachLeaf();
        return leaf.dup();
    }

    private void closeLeaf() {
        if (leaf != null) {
            leaf.close();
            leaf = null;
        }
    }

    /** What is known of the container's users, if anything is. */
    Optional<Accounts> accounts() {
        return Optional.ofNullable(accounts);
    }

    void remember(Accounts shown, Instant now) {
        accounts = shown.isWorthKeeping(now) ? shown : null;
    }

    @Override
    public synchronized void close() {
        closed = true;
        init.close();
        devpts.close();
        monitor.close();
        closeLeaf();
        closeDoor();
        closeSupervision();
    }

    /** It sits in the container's cgroups, which can't be removed before. */
    synchronized void closeDoor() {
        if (door != null) {
            door.close();
            door = null;
            doorIsHeard = false;
        }
    }
}
