// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Step.Width;
import java.util.ArrayList;
import java.util.List;

/**
 * The resident spawner: it sits in a container's v1 cgroups and forks whatever plan it is sent. Joining a v1 cgroup by writing a
 * pid waits for an RCU grace period (18 ms measured for the first write after a pause), being forked inside costs nothing.
 */
record ResidentPlan(Plan plan, Slot socket) {
    /** Every message bears that many fds; those that a plan does not need are /dev/null. */
    static final int FDS = 24;

    /** The child's first message: its pid. */
    static final int BORN = 1000;

    /** Instead of it: the fork failed, with the negative errno. */
    static final int STILLBORN = 1001;

    private static final int CMSG_HEADER = 16; // struct cmsghdr, include/linux/socket.h
    private static final int CONTROL_LENGTH = CMSG_HEADER + FDS * Integer.BYTES;
    private static final int CONTROL_LENGTH_FIELD = 40; // msg_controllen in struct msghdr
    private static final long MOST_FDS = 0xffff_ffffL;

    static ResidentPlan compose() {
        PlanBuilder plan = Plan.builder("berth-resident");
        Slot socket = plan.slot("requests");
        plan.call("be named", Sys.PRCTL, Prctl.PR_SET_NAME, "berth-resident", 0, 0, 0)
                .call("not dumpable", Sys.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0);
        for (int fd = socket.number() + 1; fd < FDS; fd++) {
            plan.call("reserve fd " + fd, Sys.DUP3, 0, fd, 0); // what is received must not land where it goes
        }
        Data control = plan.space("control", CONTROL_LENGTH);
        Data vector = plan.longs("vector", plan.space("byte", Long.BYTES), 1);
        Data message = plan.longs("message", 0, 0, vector, 1, control, 0, 0);
        Cell pid = plan.cell("pid");
        Data cloneArgs = plan.longs("clone_args", Flags.of(CloneFlag.CLONE_PARENT), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        plan.label("next")
                .set(message.cell("control length", CONTROL_LENGTH_FIELD), CONTROL_LENGTH)
                .call("wait for a plan", Sys.RECVMSG, socket, message, 0)
                .retry()
                .failOnZero();
        List<Cell> received = received(plan, control);
        Data stillborn = plan.longs("{" + STILLBORN + ", pid}", STILLBORN, 0);
        plan.call("fork", Sys.CLONE3, cloneArgs, cloneArgs.length())
                .ignoreErrors()
                .into(pid)
                .jumpIfEqual(pid, 0, "child")
                .jumpIfLess(0, pid, "forked")
                .set(stillborn.cell("errno", Long.BYTES), pid)
                .call("tell", Sys.WRITE, received.get(Plan.REPORT.number()), stillborn, stillborn.length())
                .ignoreErrors()
                .label("forked");
        received.forEach(fd -> plan.call("close " + fd.name(), Sys.CLOSE, fd));
        plan.jump("next").label("child");
        for (int i = 0; i < FDS; i++) {
            plan.call("become fd " + i, Sys.DUP3, received.get(i), i, 0);
        }
        plan.call("close the rest", Sys.CLOSE_RANGE, FDS, MOST_FDS, 0)
                .call("session of its own", Sys.SETSID)
                .call("own pid", Sys.GETPID)
                .into(pid)
                .tell(BORN, pid)
                .chain(Plan.PLAN);
        return new ResidentPlan(plan.build(), socket);
    }

    private static List<Cell> received(PlanBuilder plan, Data control) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < FDS; i++) {
            Cell cell = plan.cell("received fd " + i);
            plan.load(cell, Width.INT32, control.at(CMSG_HEADER + i * Integer.BYTES));
            cells.add(cell);
        }
        return cells;
    }
}
