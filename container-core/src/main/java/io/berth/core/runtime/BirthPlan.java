// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.CloseRangeFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.SocketConstant;
import io.berth.core.linux.Sys;
import io.berth.core.linux.WaitFlag;
import io.berth.core.lsm.Label;
import io.berth.core.lsm.Securityfs;
import io.berth.core.lxcfs.View;
import io.berth.core.lxcfs.Views;
import io.berth.core.mount.Root;
import io.berth.core.namespace.Namespaces;
import io.berth.core.namespace.TimeNamespace;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.Monitor;
import io.berth.core.process.OomScore;
import io.berth.core.process.OpenFiles;
import io.berth.core.spec.ContainerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A container's birth, in one plan that four processes share: the one it begins in, which ends at once: the monitor M, which stays outside; the architect A, which
 * lives a millisecond in a mount namespace of its own that the initial user namespace owns; and the container's init C.
 * KERNEL facts behind the order are beside the steps.
 */
final class BirthPlan {
    /** Told by A: init's pid in the host's numbering. */
    static final int INIT_PID = 1;

    /** Told by the process that the plan begins in: M's pid in the host's numbering. */
    static final int MONITOR_PID = 3;

    /** Told by C: everything is done but the exec. */
    static final int READY = 2;

    private static final long LOWEST = 3;
    private static final long MOST_FDS = 0xffff_ffffL;
    private static final String INIT = "/sbin/init";

    /**
     * What the plan is made for.
     *
     * @param staging an empty directory of the host
     * @param monitorUid the monitor's uid and gid
     * @param seccomp the filter as BPF
     * @param dropCapabilities emits the steps that shrink the bounding set
     * @param label of the container's processes
     * @param guestPolicy whether the container loads policy of its own into the security module
     * @param views the files of lxcfs's that it gets
     * @param environment of PID 1
     */
    record Inputs(
            ContainerSpec spec,
            String staging,
            int monitorUid,
            Clocks clocks,
            Consumer<PlanBuilder> seccomp,
            Consumer<PlanBuilder> dropCapabilities,
            Label label,
            boolean guestPolicy,
            Set<View> views,
            List<String> environment) {}

    /** The host's clocks at birth. */
    record Clocks(Duration monotonic, Duration boottime) {}

    final Slot letInitGo;
    final Slot letMonitorGo;
    final Slot userNamespace;
    final Slot networkNamespace;
    final Slot cgroup;
    final Slot monitorCgroup;
    final Slot rootfs;
    final Slot dev;
    final Slot devpts;
    final Slot status;
    final Slot console;
    final Slot consolePeer;
    final Slot ring;
    final Slot store;
    final Slot stored;
    final Map<View, Slot> views;
    private final PlanBuilder plan = Plan.builder("berth-birth");
    private final Inputs inputs;
    private @Nullable Cell securityfs;

    BirthPlan(Inputs inputs) {
        this.inputs = inputs;
        letInitGo = plan.slot("let init go");
        letMonitorGo = plan.slot("let the monitor go");
        userNamespace = plan.slot("user namespace");
        networkNamespace = plan.slot("network namespace");
        cgroup = plan.slot("cgroup");
        monitorCgroup = plan.slot("monitor's cgroup");
        rootfs = plan.slot("rootfs");
        dev = plan.slot("dev");
        devpts = plan.slot("devpts");
        status = plan.slot("status");
        console = plan.slot("console");
        consolePeer = plan.slot("console peer");
        ring = plan.slot("ring");
        store = plan.slot("store");
        stored = plan.slot("stored");
        views = Views.slots(plan, inputs.views);
    }

    Plan compose() {
        monitor();
        architect();
        init();
        return plan.build();
    }

    private void monitor() {
        Cell monitor = plan.cell("monitor");
        Cell architect = plan.cell("architect");
        Data siginfo = plan.space("architect's siginfo", 128);
        // born into its cgroup, as joining one by writing a pid holds every fork of the host up for milliseconds
        Flags how = Flags.of(CloneFlag.CLONE_PARENT, CloneFlag.CLONE_INTO_CGROUP);
        plan.call("clone the monitor", Sys.CLONE3, cloneArgs(how, 0, 0, monitorCgroup), CLONE_ARGS_LENGTH)
                .into(monitor)
                .jumpIfEqual(monitor, 0, "monitor")
                .tell(MONITOR_PID, monitor)
                .end(0)
                .label("monitor");
        OomScore.reset(plan);
        Monitor.makeRoom(plan, status);
        // CLONE_FILES: what A and C open lands in M, which keeps it when they are gone
        plan.call("umask", Sys.UMASK, 0)
                .call(
                        "clone the architect",
                        Sys.CLONE3,
                        cloneArgs(Flags.of(CloneFlag.CLONE_NEWNS, CloneFlag.CLONE_FILES), 0, SIGCHLD, 0),
                        CLONE_ARGS_LENGTH)
                .into(architect)
                .jumpIfEqual(architect, 0, "architect")
                .call("wait for the architect", Sys.WAITID, WaitFlag.P_PID, architect, siginfo, WaitFlag.WEXITED, 0)
                .retry()
                .await("that init has fds of its own", letMonitorGo);
        Monitor.watch(
                plan, new Monitor.Fds(devpts, status, console, consolePeer, ring, store, stored), inputs.monitorUid);
    }

    private void architect() {
        Cell pid = plan.cell("init");
        Cell pidfd = plan.cell("init's pidfd");
        plan.label("architect");
        Root.stage(plan, rootfs, inputs.staging);
        if (inputs.guestPolicy) {
            securityfs = Securityfs.make(plan);
        }
        plan.call("enter the user namespace", Sys.SETNS, userNamespace, CloneFlag.CLONE_NEWUSER)
                .call("enter the network namespace", Sys.SETNS, networkNamespace, CloneFlag.CLONE_NEWNET);
        TimeNamespace.startAtZero(plan, inputs.clocks.monotonic, inputs.clocks.boottime);
        Flags how = Namespaces.OF_INIT.with(
                CloneFlag.CLONE_PIDFD, CloneFlag.CLONE_PARENT, CloneFlag.CLONE_FILES, CloneFlag.CLONE_INTO_CGROUP);
        plan.call("clone init", Sys.CLONE3, cloneArgs(how, pidfd.pointer(), 0, cgroup), CLONE_ARGS_LENGTH)
                .into(pid)
                .jumpIfEqual(pid, 0, "init");
        Monitor.keepPidfd(plan, pidfd);
        plan.tell(INIT_PID, pid).end(0);
    }

    private void init() {
        plan.label("init")
                .await("that its cgroups are ready", letInitGo)
                .call("unshare the cgroup namespace", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_NEWCGROUP))
                .call("drop the groups", Sys.SETGROUPS, 0, 0)
                .call("be the container's root group", Sys.SETRESGID, 0, 0, 0)
                .call("be the container's root", Sys.SETRESUID, 0, 0, 0)
                .call("unshare IPC", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_NEWIPC));
        inputs.dropCapabilities.accept(plan);
        OpenFiles.limit(plan);
        plan.call("begin a session", Sys.SETSID);
        Root.become(plan, dev, devpts);
        Views.attach(plan, views);
        if (securityfs != null) {
            Securityfs.attach(plan, securityfs);
        }
        String name = inputs.spec.name().value();
        plan.call("set the host name", Sys.SETHOSTNAME, name, name.length());
        loopbackUp();
        Cell terminal = plan.cell("terminal");
        Root.openConsole(plan, terminal);
        plan.call("take the console as terminal", Sys.IOCTL, terminal, Ioctl.TIOCSCTTY, 0)
                .call("umask", Sys.UMASK, 022);
        inputs.label.take(plan);
        inputs.seccomp.accept(plan);
        plan.call("fds of its own", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_FILES))
                .call("close all on exec", Sys.CLOSE_RANGE, LOWEST, MOST_FDS, CloseRangeFlag.CLOSE_RANGE_CLOEXEC);
        for (int fd = 0; fd < LOWEST; fd++) {
            plan.call("console as fd " + fd, Sys.DUP3, terminal, fd, 0);
        }
        // on exec is too late: /sbin/init is the tenant's, and may be a link to /proc/self/fd/N/../.. (CVE-2024-21626's
        // class). Below are the plan, the report and a pipe
        plan.call("let go of the host", Sys.CLOSE_RANGE, letInitGo.number() + 1, MOST_FDS, 0)
                .call("be named", Sys.PRCTL, Prctl.PR_SET_NAME, "init", 0, 0, 0)
                .tell(READY, 0)
                .await("the word to execute", letInitGo)
                .exec(INIT, List.of(INIT), inputs.environment);
    }

    /** As an init that knows no network would leave it down; struct ifreq, include/uapi/linux/if.h. */
    private void loopbackUp() {
        Cell socket = plan.cell("socket");
        Data request = plan.bytes("lo, IFF_UP", interfaceRequest("lo", IFF_UP));
        plan.call("open a socket", Sys.SOCKET, SocketConstant.AF_INET, SocketConstant.SOCK_DGRAM, 0)
                .into(socket)
                .call("bring loopback up", Sys.IOCTL, socket, SIOCSIFFLAGS, request)
                .tolerate(Errno.EPERM)
                .call("close the socket", Sys.CLOSE, socket);
    }

    private static byte[] interfaceRequest(String name, int flags) {
        byte[] request = new byte[40];
        for (int i = 0; i < name.length(); i++) {
            request[i] = (byte) name.charAt(i);
        }
        request[16] = (byte) flags;
        return request;
    }

    /** struct clone_args, include/uapi/linux/sched.h. */
    private Data cloneArgs(Flags flags, Object pidfd, long exitSignal, Object cgroupFd) {
        return plan.longs("{" + flags + "}", flags, pidfd, 0, 0, exitSignal, 0, 0, 0, 0, 0, cgroupFd);
    }

    private static final int CLONE_ARGS_LENGTH = 88;
    private static final long SIGCHLD = 17;
    private static final int IFF_UP = 1;
    private static final long SIOCSIFFLAGS = 0x8914; // include/uapi/linux/sockios.h
}
