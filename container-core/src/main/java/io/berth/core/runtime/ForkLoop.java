// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;

/**
 * The life of a process that forks whatever plan it is sent. A message is where the child is cloned to, and beside it the child's
 * descriptors from 0 on: standard ones, plan, report, slots. They land exactly there, because the loop keeps its own above them.
 */
final class ForkLoop {
    /** A message bears that many fds at most. */
    static final int MOST_FDS = 64;

    /** The loop's own descriptors begin here. */
    static final int FIRST_OWN_FD = 100;

    /** Told when a child has been forked: its pid in the host's numbering. */
    static final int BORN = 1000;

    /** Told instead of it: the fork failed, with the negative errno. */
    static final int STILLBORN = 1001;

    private static final int REQUESTS_FD = FIRST_OWN_FD;
    private static final int CMSG_HEADER = 16; // struct cmsghdr, include/linux/socket.h
    private static final int CONTROL_LENGTH = CMSG_HEADER + MOST_FDS * Integer.BYTES;
    private static final int CONTROL_LENGTH_FIELD = 40; // msg_controllen in struct msghdr
    private static final int CLONE_ARGS_CGROUP = 80; // struct clone_args, include/uapi/linux/sched.h
    private static final long ALL_FDS = 0xffff_ffffL;

    /** Who knows the child's pid as the host counts, and tells it. */
    enum Teller {
        /** The child itself: its word comes before any other of its. */
        CHILD,
        /** Its parent, where the child sits in another pid namespace: its word may come later than the child's. */
        PARENT
    }

    private ForkLoop() {}

    /**
     * Adds the loop, which ends with the socket's other end.
     *
     * @param begin emits what every child does first; the loop's own descriptors are still open
     */
    static void serve(PlanBuilder plan, Slot requests, Teller teller, Consumer<PlanBuilder> begin) {
        Data cloneArgs = plan.longs("clone_args", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Data vector =
                plan.longs("flags and cgroup", cloneArgs, Long.BYTES, cloneArgs.at(CLONE_ARGS_CGROUP), Long.BYTES);
        Data control = plan.space("control", CONTROL_LENGTH);
        Data message = plan.longs("message", 0, 0, vector, 2, control, 0, 0);
        Data told = plan.longs("{kind, pid}", BORN, 0);
        Cell kind = told.cell("kind", 0);
        Cell pid = told.cell("pid", Long.BYTES);
        plan.call("keep the requests", Sys.DUP3, requests, REQUESTS_FD, Flags.of(OpenFlag.O_CLOEXEC))
                .label("next")
                .call("close what came with the last", Sys.CLOSE_RANGE, 0, FIRST_OWN_FD - 1, 0)
                .set(message.cell("control length", CONTROL_LENGTH_FIELD), CONTROL_LENGTH)
                .call("wait for a plan", Sys.RECVMSG, REQUESTS_FD, message, 0)
                .retry()
                .failOnZero()
                .call("fork", Sys.CLONE3, cloneArgs, cloneArgs.length())
                .ignoreErrors()
                .into(pid)
                .jumpIfEqual(pid, 0, "child")
                .set(kind, BORN);
        if (teller == Teller.CHILD) {
            plan.jumpIfLess(0, pid, "next");
        } else {
            plan.jumpIfLess(0, pid, "told");
        }
        plan.set(kind, STILLBORN);
        if (teller == Teller.PARENT) {
            plan.label("told");
        }
        plan.call("tell", Sys.WRITE, Plan.REPORT, told, told.length())
                .ignoreErrors()
                .jump("next")
                .label("child");
        begin.accept(plan);
        letGoOfCgroup(plan, cloneArgs.cell("cgroup", CLONE_ARGS_CGROUP));
        plan.call("forget the loop's descriptors", Sys.CLOSE_RANGE, FIRST_OWN_FD, ALL_FDS, 0)
                .call("session of its own", Sys.SETSID);
        if (teller == Teller.CHILD) {
            plan.call("own pid", Sys.GETPID).into(pid).tell(BORN, pid);
        }
        plan.chain(Plan.PLAN);
    }

    /**
     * Before the first path that a tenant chooses (/etc/passwd, a home directory, a shell) is followed: through /proc/self/fd/N a
     * directory of the host's would lead out of the container (CVE-2024-21626's class). What stays are pipes and files in memory.
     */
    private static void letGoOfCgroup(PlanBuilder plan, Cell cgroup) {
        plan.jumpIfEqual(cgroup, 0, "without cgroup")
                .call("let go of the host's cgroup", Sys.CLOSE, cgroup)
                .label("without cgroup");
    }

    /** A message's bytes: the first and the last field of the clone3(2) to come; the parent is whoever the loop's own is. */
    static byte[] cloned() {
        return message(Flags.of(CloneFlag.CLONE_PARENT), 0);
    }

    /** The same, into the cgroup that is the message's last descriptor. */
    static byte[] clonedInto(List<Fd> fds) {
        return message(Flags.of(CloneFlag.CLONE_PARENT, CloneFlag.CLONE_INTO_CGROUP), fds.size() - 1L);
    }

    private static byte[] message(Flags how, long cgroup) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(how.bits())
                .putLong(cgroup)
                .array();
    }
}
