// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static io.berth.core.linux.Syscall.call;
import static io.berth.core.linux.WaitFlag.P_PIDFD;
import static io.berth.core.linux.WaitFlag.WEXITED;
import static io.berth.core.linux.WaitFlag.WNOHANG;
import static io.berth.core.linux.WaitFlag.__WALL;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** System calls on processes, one wrapper each. */
public final class ProcessCalls {
    private static final int SIG_SETMASK = 2; // include/uapi/asm-generic/signal-defs.h
    private static final long MOST_FDS = 0xffff_ffffL;
    private static final long PAGE = 4096; // the least there is: what is mapped in part is read in part, by iovec
    private static final int PRIO_PROCESS = 0; // include/uapi/linux/resource.h

    private ProcessCalls() {}

    public static int getpid() {
        return (int) call(Sys.GETPID);
    }

    public static int gettid() {
        return (int) call(Sys.GETTID);
    }

    public static int getuid() {
        return (int) call(Sys.GETUID);
    }

    /** Since Linux 5.3. */
    public static Fd pidfdOpen(int pid) {
        return Fd.adopt(call(Sys.PIDFD_OPEN, pid, 0), "pidfd of " + pid);
    }

    /** @param number of the descriptor in that process; since Linux 5.6 */
    public static Fd pidfdGetfd(Fd pidfd, int number) {
        return Fd.adopt(call(Sys.PIDFD_GETFD, pidfd, number, 0), "fd " + number + " of " + pidfd);
    }

    public static void pidfdSendSignal(Fd pidfd, Signal signal) {
        call(Sys.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
    }

    /** @param signal a number, as real-time signals have no name */
    public static void pidfdSendSignal(Fd pidfd, int signal) {
        call(Sys.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
    }

    /** @param pid a process, or the negative of a process group */
    public static void kill(int pid, Signal signal) {
        call(Sys.KILL, pid, signal);
    }

    /** Waits for a child's end and reaps it. */
    public static ExitStatus waitid(Fd pidfd) {
        return waitid(pidfd, Flags.of(WEXITED, __WALL))
                .orElseThrow(() -> new IllegalStateException("waitid(" + pidfd + ") returned without an end"));
    }

    /** Reaps a child that has ended; empty while it lives. */
    public static Optional<ExitStatus> waitidNow(Fd pidfd) {
        return waitid(pidfd, Flags.of(WEXITED, WNOHANG, __WALL));
    }

    private static Optional<ExitStatus> waitid(Fd pidfd, Flags flags) {
        try (var memory = new NativeMemory()) {
            NativeBuffer siginfo = memory.allocate(ExitStatus.SIGINFO_BYTES).named("siginfo");
            call(Sys.WAITID, P_PIDFD, pidfd, siginfo, flags, 0);
            boolean ended = siginfo.getInt(0) == Signal.SIGCHLD.number(); // si_signo stays 0 under WNOHANG
            return ended ? Optional.of(ExitStatus.ofSiginfo(siginfo.getBytes(0, siginfo.size()))) : Optional.empty();
        }
    }

    /** Since Linux 6.13. */
    public static PidfdInfo pidfdGetInfo(Fd pidfd) {
        try (var memory = new NativeMemory()) {
            NativeBuffer info = memory.allocate(PidfdInfo.SIZE).named("pidfd_info");
            info.putLong(0, PidfdInfo.WANTED);
            call(Sys.IOCTL, pidfd, Ioctl.PIDFD_GET_INFO, info);
            return PidfdInfo.of(info);
        }
    }

    /** For the calling thread only; CLONE_NEWUSER is refused in a process of several threads. */
    public static void setns(Fd namespace, CloneFlag... types) {
        call(Sys.SETNS, namespace, Flags.of(types));
    }

    /** For the calling thread only. */
    public static void unshare(CloneFlag... what) {
        call(Sys.UNSHARE, Flags.of(what));
    }

    public static long prctl(Prctl option, Object... arguments) {
        Object[] all = new Object[5];
        Arrays.fill(all, 0L);
        all[0] = option;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return call(Sys.PRCTL, all);
    }

    /**
     * Memory of a process, which may lie across pages: what is mapped of it, as far as it goes without a gap.
     *
     * @throws SyscallException EFAULT when nothing is mapped there
     */
    public static byte[] processVmReadv(int pid, long address, int most) {
        try (var memory = new NativeMemory()) {
            NativeBuffer bytes = memory.allocate(most);
            int first = (int) Math.min(most, PAGE - (address & PAGE - 1));
            NativeBuffer local = memory.longs(bytes.address(), most).named("local");
            NativeBuffer remote =
                    memory.longs(address, first, address + first, most - first).named("remote");
            int length = (int) call(Sys.PROCESS_VM_READV, pid, local, 1, remote, first == most ? 1 : 2, 0);
            return bytes.getBytes(0, length);
        }
    }

    /**
     * The processors that a thread may run on, a bit each.
     *
     * @param most bytes; the kernel wants whole longs, and room for each processor that there can be
     * @return as many bytes as the kernel's own mask has, or {@code most}
     */
    public static byte[] schedGetaffinity(int tid, int most) {
        try (var memory = new NativeMemory()) {
            NativeBuffer mask = memory.allocate(Math.max(most, Long.BYTES)).named("mask");
            return mask.getBytes(0, (int) call(Sys.SCHED_GETAFFINITY, tid, most, mask));
        }
    }

    /** @param tid a thread, or 0 for the calling one */
    public static void setpriority(int tid, int nice) {
        call(Sys.SETPRIORITY, PRIO_PROCESS, tid, nice);
    }

    /** @param pid 0 for this process */
    public static void prlimit(int pid, Resource resource, long soft, long hard) {
        try (var memory = new NativeMemory()) {
            NativeBuffer limit = memory.longs(soft, hard).named("{" + soft + ", " + hard + "}");
            call(Sys.PRLIMIT64, pid, resource, limit, 0);
        }
    }

    /**
     * Becomes another program. All other threads end; credentials, restrictions and signal mask of the calling thread stay.
     *
     * @throws SyscallException when it can't be; nothing has changed then
     */
    public static void execve(String path, List<String> argv, List<String> environment) {
        try (var memory = new NativeMemory()) {
            NativeBuffer arguments = strings(memory, argv).named(argv);
            NativeBuffer variables = strings(memory, environment).named(environment.size() + " variables");
            call(Sys.EXECVE, memory.string(path), arguments, variables);
        }
    }

    private static NativeBuffer strings(NativeMemory memory, List<String> strings) {
        long[] addresses = new long[strings.size() + 1];
        for (int i = 0; i < strings.size(); i++) {
            addresses[i] = memory.string(strings.get(i)).address();
        }
        return memory.longs(addresses);
    }

    /** Blocks no signal any more, in the calling thread. */
    public static void unblockSignals() {
        try (var memory = new NativeMemory()) {
            NativeBuffer none = memory.longs(0).named("{}");
            call(Sys.RT_SIGPROCMASK, SIG_SETMASK, none, 0, Long.BYTES);
        }
    }

    /** @param first lowest descriptor; it and all above close at exec */
    public static void closeOnExecFrom(int first) {
        call(Sys.CLOSE_RANGE, first, MOST_FDS, CloseRangeFlag.CLOSE_RANGE_CLOEXEC);
    }
}
