// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import io.berth.core.linux.Errno;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.PollEvent;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.Sys;
import io.berth.core.linux.SyscallException;
import io.berth.core.linux.WaitFlag;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Step.Width;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A container's monitor: the parent of its PID 1, a process of a few pages without any privilege that outlives the agent. It
 * copies the console into the ring file, so that a container never blocks on a console that nobody reads; waits for PID 1's
 * end, which only a parent learns in full (a reboot looks different from a poweroff); and keeps the fds by which the next
 * agent picks the container up (pidfd_getfd(2)).
 */
public final class Monitor {
    /** The container's devpts, for new terminals. */
    public static final int DEVPTS_FD = 100;
    /** PID 1's pidfd. */
    public static final int PIDFD_FD = 101;
    /** A socket: the monitor keeps every descriptor that is sent to it, until it ends. */
    public static final int STORE_FD = 107;

    private static final int STATUS_FD = 102;
    private static final int CONSOLE_FD = 103;
    private static final int CONSOLE_PEER_FD = 104;
    private static final int RING_FD = 105;
    private static final int LISTENER_FD = 106; // of PID 1's seccomp filter
    private static final int STORED_FD = 108; // the store's other end, where the monitor receives
    private static final int LAST_FD = STORED_FD;
    private static final int STORED_CONTROL_BYTES = 64; // room for struct cmsghdr and a few descriptors
    private static final int CONTROL_LENGTH_FIELD = 40; // msg_controllen in struct msghdr

    /** What it holds from the beginning, by number; what is sent to it gets the lowest numbers that are free. */
    public static final Map<Integer, String> HELD = Map.of(
            DEVPTS_FD, "devpts",
            PIDFD_FD, "init's pidfd",
            STATUS_FD, "status file",
            CONSOLE_FD, "console's master",
            CONSOLE_PEER_FD, "console",
            RING_FD, "console log",
            LISTENER_FD, "listener of init's seccomp filter",
            STORE_FD, "store",
            STORED_FD, "store's other end");

    private static final long MOST_FDS = 0xffff_ffffL;

    private Monitor() {}

    /**
     * What the monitor holds on to.
     *
     * @param devpts the container's devpts
     * @param status file that gets PID 1's siginfo_t
     * @param console the console's master
     * @param consolePeer the console's slave: while the monitor has it open, reading the master never fails with EIO
     * @param ring the console log, see {@link ConsoleRing}
     * @param store the end of a socketpair that descriptors are sent into, for agents to come
     * @param stored its other end
     */
    public record Fds(Slot devpts, Slot status, Slot console, Slot consolePeer, Slot ring, Slot store, Slot stored) {}

    /**
     * Before anybody shares the monitor's fds: a table that grows while it is shared makes the kernel wait for an RCU grace period, 12 ms
     * of every birth (expand_fdtable, fs/file.c).
     *
     * @param any a descriptor that is open
     */
    public static void makeRoom(PlanBuilder plan, Slot any) {
        plan.call("make room for what is kept", Sys.DUP3, any, LAST_FD, Flags.of(OpenFlag.O_CLOEXEC));
    }

    /** Where {@link #PIDFD_FD} comes from: for the process that clones PID 1 while it shares the monitor's fds. */
    public static void keepPidfd(PlanBuilder plan, Cell pidfd) {
        plan.call("keep init's pidfd", Sys.DUP3, pidfd, PIDFD_FD, Flags.of(OpenFlag.O_CLOEXEC))
                .call("close init's pidfd", Sys.CLOSE, pidfd);
    }

    /** Where PID 1's listener comes from: for PID 1 while it shares the monitor's fds. */
    public static void keepListener(PlanBuilder plan, Cell listener) {
        plan.call("keep the listener", Sys.DUP3, listener, LISTENER_FD, Flags.of(OpenFlag.O_CLOEXEC))
                .call("close the listener", Sys.CLOSE, listener);
    }

    /**
     * Every seccomp listener that a monitor keeps: PID 1's first, then those that were sent to it.
     *
     * @param monitor its pidfd
     * @throws SyscallException ESRCH when it has ended
     */
    public static List<Fd> listeners(Fd monitor, int pid) {
        List<Fd> listeners = new ArrayList<>();
        try {
            for (int number : listenerNumbers(pid)) {
                listeners.add(ProcessCalls.pidfdGetfd(monitor, number));
            }
            return listeners;
        } catch (RuntimeException e) {
            listeners.forEach(Fd::close);
            throw e;
        }
    }

    /** By the name that the kernel gives them in /proc; the monitor is ours, and no tenant can make it open anything. */
    private static List<Integer> listenerNumbers(int pid) {
        Path fds = Path.of("/proc", Integer.toString(pid), "fd");
        try (Stream<Path> links = Files.list(fds)) {
            return links.filter(Monitor::isListener)
                    .map(link -> Integer.valueOf(link.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new SyscallException("list(" + fds + ")", Errno.ESRCH, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isListener(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().equals("anon_inode:seccomp notify");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** The monitor's life, once PID 1 has fds of its own. Ends the process. */
    public static void watch(PlanBuilder plan, Fds fds, int uid) {
        keep(plan, fds.devpts, DEVPTS_FD);
        keep(plan, fds.status, STATUS_FD);
        keep(plan, fds.console, CONSOLE_FD);
        keep(plan, fds.consolePeer, CONSOLE_PEER_FD);
        keep(plan, fds.ring, RING_FD);
        keep(plan, fds.store, STORE_FD);
        keep(plan, fds.stored, STORED_FD);
        plan.call("close what came before", Sys.CLOSE_RANGE, 0, DEVPTS_FD - 1, 0)
                .call("close what came after", Sys.CLOSE_RANGE, LAST_FD + 1, MOST_FDS, 0)
                .call("be named", Sys.PRCTL, Prctl.PR_SET_NAME, "berth-monitor", 0, 0, 0)
                .call("never gain privilege", Sys.PRCTL, Prctl.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
                .call("drop the groups", Sys.SETGROUPS, 0, 0)
                .call("be nobody's group", Sys.SETRESGID, uid, uid, uid)
                .call("be nobody", Sys.SETRESUID, uid, uid, uid);
        copyConsole(plan);
        Data siginfo = plan.space("siginfo", ExitStatus.SIGINFO_BYTES);
        plan.label("init has ended")
                .call("wait for init", Sys.WAITID, WaitFlag.P_PIDFD, PIDFD_FD, siginfo, Flags.of(WaitFlag.WEXITED), 0)
                .retry()
                .call("write init's end", Sys.PWRITE64, STATUS_FD, siginfo, siginfo.length(), 0)
                .end(0);
    }

    private static void keep(PlanBuilder plan, Slot slot, int number) {
        plan.call("keep " + slot.name(), Sys.DUP3, slot, number, Flags.of(OpenFlag.O_CLOEXEC));
    }

    private static void copyConsole(PlanBuilder plan) {
        Data chunk = plan.space("chunk", ConsoleRing.CHUNK);
        Data header = plan.longs("ring header", ConsoleRing.START, ConsoleRing.START);
        Cell position = header.cell("position", 0);
        Cell lapEnd = header.cell("lap end", Long.BYTES);
        Data all = pollfds(plan, "init, console and store", PIDFD_FD, CONSOLE_FD, STORED_FD);
        Data console = pollfds(plan, "console", CONSOLE_FD);
        Cell ready = plan.cell("ready");
        Cell length = plan.cell("length");
        Cell initEvents = plan.cell("init's events");
        Cell storeEvents = plan.cell("store's events");
        plan.label("wait")
                .call("wait for init, console or store", Sys.PPOLL, all, 3, 0, 0, 0)
                .retry()
                .load(initEvents, Width.UINT16, all.at(6))
                .load(storeEvents, Width.UINT16, all.at(22))
                .jumpIfEqual(storeEvents, 0, "look at the console");
        receiveStored(plan);
        plan.label("look at the console")
                .call("look at the console", Sys.PPOLL, console, 1, plan.longs("at once", 0, 0), 0, 0)
                .into(ready)
                .retry()
                .jumpIfEqual(ready, 0, "nothing on the console")
                .call("read the console", Sys.READ, CONSOLE_FD, chunk, chunk.length())
                .ignoreErrors()
                .into(length)
                .jumpIfLess(length, 1, "nothing on the console")
                .call("log the console", Sys.PWRITE64, RING_FD, chunk, length, position)
                .ignoreErrors()
                .add(position, length)
                .jumpIfLess(position, ConsoleRing.LAST_CHUNK + 1, "same lap")
                .set(lapEnd, position)
                .set(position, ConsoleRing.START)
                .label("same lap")
                .call("note the position", Sys.PWRITE64, RING_FD, header, header.length(), 0)
                .ignoreErrors()
                .jump("look at the console")
                .label("nothing on the console")
                .jumpIfEqual(initEvents, 0, "wait");
    }

    /** What is received stays open: that is all that is done with it. */
    private static void receiveStored(PlanBuilder plan) {
        Data control = plan.space("control", STORED_CONTROL_BYTES);
        Data vector = plan.longs("vector", plan.space("byte", Long.BYTES), 1);
        Data message = plan.longs("message", 0, 0, vector, 1, control, 0, 0);
        Flags flags = Flags.of(SocketConstant.MSG_CMSG_CLOEXEC, SocketConstant.MSG_DONTWAIT);
        plan.set(message.cell("control length", CONTROL_LENGTH_FIELD), STORED_CONTROL_BYTES)
                .call("keep what is sent", Sys.RECVMSG, STORED_FD, message, flags)
                .ignoreErrors();
    }

    /** struct pollfd, include/uapi/asm-generic/poll.h: 32 bits of fd, 16 of events, 16 of what happened. */
    private static Data pollfds(PlanBuilder plan, String name, Integer... fds) {
        Object[] encoded = new Object[fds.length];
        for (int i = 0; i < fds.length; i++) {
            encoded[i] = fds[i] | PollEvent.POLLIN.value() << Integer.SIZE;
        }
        return plan.longs(name, encoded);
    }
}
