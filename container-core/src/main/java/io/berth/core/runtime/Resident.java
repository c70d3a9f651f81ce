// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Child;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Pipe;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** The agent's side of a resident spawner, see {@link ResidentPlan}. It ends when closed, or when the agent dies. */
final class Resident implements Entrance {
    private static final ResidentPlan PLAN = ResidentPlan.compose();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] ONE = {1};

    private final Spawner.Running process;
    private final Fd requests;
    private final Fd nothing;

    private Resident(Spawner.Running process, Fd requests, Fd nothing) {
        this.process = process;
        this.requests = requests;
        this.nothing = nothing;
    }

    /** @param join puts the process with that pid into the container's v1 cgroups */
    static Resident start(Spawner spawner, IntConsumer join) {
        SocketPair sockets = SocketCalls.socketpair(SocketConstant.SOCK_SEQPACKET);
        try (Fd theirs = sockets.right()) {
            Spawner.Running process = spawner.start(PLAN.plan(), Map.of(PLAN.socket(), theirs));
            Resident resident = new Resident(process, sockets.left(), FileCalls.openat("/dev/null", OpenFlag.O_RDWR));
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
        Pipe report = FileCalls.pipe2();
        Report reader = new Report(plan, report.readEnd());
        try (Fd tell = report.writeEnd()) {
            SocketCalls.sendmsg(requests, ONE, message(plan, fds, standard, code, tell), SocketConstant.MSG_NOSIGNAL);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
        try {
            int pid = born(reader);
            return new Spawner.Running(new Child(pid, ProcessCalls.pidfdOpen(pid)), reader);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private int born(Report reader) {
        Report.Message message = reader.next(PATIENCE, process.child().pidfd())
                .orElseThrow(() -> new ContainerException(Refusal.FAILED, "the container's resident spawner has died"));
        if (message.kind() == ResidentPlan.BORN) {
            return Math.toIntExact(message.value());
        }
        throw new ContainerException(
                Refusal.EXHAUSTED,
                "no process can be started in the container: " + Errno.of(-message.value())
                        + "; end some of its processes, or raise its pids limit");
    }

    private List<Fd> message(Plan plan, Map<Slot, Fd> fds, List<Fd> standard, Fd code, Fd tell) {
        List<Fd> all = new ArrayList<>(standard);
        all.add(code);
        all.add(tell);
        plan.slots().forEach(slot -> all.add(fds.get(slot)));
        while (all.size() < ResidentPlan.FDS) {
            all.add(nothing);
        }
        return all;
    }

    @Override
    public synchronized boolean isAlive() {
        return requests.isOpen() && !PollCalls.awaitReadable(process.child().pidfd(), Duration.ZERO);
    }

    @Override
    public synchronized void close() {
        requests.close();
        process.child().waitFor(); // reading the end of its requests, it exits
        process.close();
        nothing.close();
    }
}
