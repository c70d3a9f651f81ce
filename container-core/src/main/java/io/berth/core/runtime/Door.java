// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SocketPair;
import io.berth.core.lsm.Label;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.Report;
import io.berth.core.plan.Spawner;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The agent's side of a container's door, see {@link DoorPlan}. It ends when closed, or when the agent dies; the logins that came
 * through it stay.
 */
final class Door implements AutoCloseable {
    private static final byte[] GO = {1};
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Rules rules;
    private final Spawner.Running process;
    private final Requests requests;

    private Door(Rules rules, Spawner.Running process, Requests requests) {
        this.rules = rules;
        this.process = process;
        this.requests = requests;
    }

    /**
     * Starts the process; returns before it has entered.
     *
     * @param rules what it and its children are held to
     * @param label of the container's processes
     * @param entrance where it comes from: it has to be in the container's v1 cgroups, as its children will be
     * @param init the pidfd of the container's PID 1
     */
    static Door open(Rules rules, Label label, Entrance entrance, Fd init, List<Fd> nothing) {
        DoorPlan plan = rules.door();
        SocketPair sockets = SocketCalls.socketpair(SocketConstant.SOCK_SEQPACKET);
        try (Fd theirs = sockets.right();
                Fd code = plan.plan().toMemfd();
                Fd labelFile = label.toMemfd();
                Pipe go = FileCalls.pipe2()) {
            Map<Slot, Fd> fds = Map.of(
                    plan.requests(), theirs,
                    plan.go(), go.readEnd(),
                    plan.container(), init,
                    plan.label(), labelFile);
            Spawner.Running process = entrance.start(plan.plan(), code, fds, nothing);
            FileCalls.write(go.writeEnd(), GO);
            return new Door(rules, process, new Requests(sockets.left()));
        } catch (RuntimeException e) {
            sockets.left().close();
            throw e;
        }
    }

    /** Forks a child in the container, and in that cgroup, which tells its pid by {@link ForkLoop#BORN}. */
    Report ask(Plan plan, Fd code, Outfit outfit, Fd cgroup) {
        return requests.ask(plan, code, outfit, cgroup);
    }

    /** What those who come through it are held to. */
    Rules rules() {
        return rules;
    }

    /**
     * The listener of its filter. Waits until it has entered.
     *
     * @param init the container's PID 1: when that ends, nobody gets in any more
     * @throws io.berth.core.plan.PlanException when it did not get in
     */
    Fd listener(Fd init) {
        process.report().expect(DoorPlan.LISTENING, PATIENCE, pidfd(), init);
        return ProcessCalls.pidfdGetfd(pidfd(), DoorPlan.LISTENER_FD);
    }

    /** Whether it can still fork. */
    boolean isAlive() {
        return !PollCalls.awaitReadable(process.child().pidfd(), Duration.ZERO);
    }

    /** The process, for waiting. */
    Fd pidfd() {
        return process.child().pidfd();
    }

    @Override
    public void close() {
        requests.socket().close();
        process.child().kill(Signal.SIGKILL); // it may hang in setns(2) of a container that is ending
        process.child().waitFor();
        process.close();
    }
}
