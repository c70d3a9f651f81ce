// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Child;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.SocketPair;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.Report;
import io.berth.core.plan.Spawner;
import io.berth.core.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** The agent's side of a resident spawner, see {@link ResidentPlan}. It ends when closed, or when the agent dies. */
final class Resident implements Entrance {
    private static final ResidentPlan PLAN = ResidentPlan.compose();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Spawner.Running process;
    private final Requests requests;

    private Resident(Spawner.Running process, Requests requests) {
        this.process = process;
        this.requests = requests;
    }

    /** @param join puts the process with that pid into the container's v1 cgroups */
    static Resident start(Spawner spawner, IntConsumer join) {
        SocketPair sockets = SocketCalls.socketpair(SocketConstant.SOCK_SEQPACKET);
        try (Fd theirs = sockets.right()) {
            Spawner.Running process = spawner.start(PLAN.plan(), Map.of(PLAN.requests(), theirs));
            Resident resident = new Resident(process, new Requests(sockets.left()));
            try {
                join.accept(process.child().pid());
                return resident;
            } catch (RuntimeException e) {
                resident.close();
                throw e;
            }
        }
    }

    @Override
    public synchronized Spawner.Running start(Plan plan, Fd code, Map<Slot, Fd> fds, List<Fd> standard) {
        Report report = requests.ask(plan, code, new Outfit(standard, fds, List.of()), null);
        try {
            int pid = born(report);
            return new Spawner.Running(new Child(pid, ProcessCalls.pidfdOpen(pid)), report);
        } catch (RuntimeException e) {
            report.close();
            throw e;
        }
    }

    private int born(Report report) {
        Report.Message message = report.next(PATIENCE, process.child().pidfd())
                .orElseThrow(() -> new ContainerException(Refusal.FAILED, "the container's resident spawner has died"));
        if (message.kind() == ForkLoop.BORN) {
            return Math.toIntExact(message.value());
        }
        throw new ContainerException(
                Refusal.EXHAUSTED,
                "no process can be started in the container: " + Errno.of(-message.value()) + "; raise its pids limit");
    }

    /** Whether it can still fork. */
    synchronized boolean isAlive() {
        return requests.socket().isOpen()
                && !PollCalls.awaitReadable(process.child().pidfd(), Duration.ZERO);
    }

    @Override
    public synchronized void close() {
        if (!requests.socket().isOpen()) {
            return;
        }
        requests.socket().close();
        process.child().waitFor(); // reading the end of its requests, it exits
        process.close();
    }
}
