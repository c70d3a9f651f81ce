// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.Sys;
import io.berth.core.namespace.Namespaces;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import java.util.function.Consumer;

/**
 * The first half of an attach: step into a running container as its root, and show its passwd and group. The second half,
 * {@link LoginPlan}, is written once the user is known, and this one continues with it: one process, one setns.
 */
final class EnterPlan implements AutoCloseable {
    /** Told by H, the helper that enters: the pid of G, who stays, in the host's numbering. */
    static final int PID = 1;

    /** Told by G: how many bytes of passwd are in the accounts file, or a negative errno. */
    static final int PASSWD = 2;

    /** Told by G: how many bytes of group follow them, or a negative errno. */
    static final int GROUP = 3;

    /** A tenant's passwd or group file is read up to here. */
    static final long MOST_BYTES = 256 << 10;

    final Slot go;
    final Slot container;
    final Slot cgroup;
    final Slot accounts;
    final Slot login;
    final Plan plan;

    /** The plan as the spawner reads it; every attach maps the same file. */
    final Fd code;

    private final PlanBuilder steps = Plan.builder("berth-enter");

    /**
     * Composes it once for all attaches.
     *
     * @param seccomp emits the steps that install the filter
     * @param dropCapabilities emits the steps that shrink the bounding set, which setns(2) hands out in full
     * @param terminal whether stdin is to become the session's terminal
     */
    EnterPlan(Consumer<PlanBuilder> seccomp, Consumer<PlanBuilder> dropCapabilities, boolean terminal) {
        go = steps.slot("go");
        container = steps.slot("container's init");
        cgroup = steps.slot("cgroup");
        accounts = steps.slot("accounts");
        login = steps.slot("login");
        compose(seccomp, dropCapabilities, terminal);
        plan = steps.build();
        code = plan.toMemfd();
    }

    @Override
    public void close() {
        code.close();
    }

    private void compose(Consumer<PlanBuilder> seccomp, Consumer<PlanBuilder> dropCapabilities, boolean terminal) {
        Cell pid = steps.cell("pid");
        Flags how = Flags.of(CloneFlag.CLONE_PARENT, CloneFlag.CLONE_INTO_CGROUP);
        Data args = steps.longs("{" + how + "}", how, 0, 0, 0, 0, 0, 0, 0, 0, 0, cgroup);
        // else container root reads the helper's memory and executable through /proc (CVE-2016-9962's class)
        steps.call("not dumpable", Sys.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0)
                .call("enter the container", Sys.SETNS, container, Namespaces.ALL)
                .call("clone into the container", Sys.CLONE3, args, args.length())
                .into(pid)
                .jumpIfEqual(pid, 0, "inside")
                .tell(PID, pid)
                .end(0)
                .label("inside")
                .call("begin a session", Sys.SETSID);
        if (terminal) {
            steps.call("take the terminal", Sys.IOCTL, 0, Ioctl.TIOCSCTTY, 0);
        }
        dropCapabilities.accept(steps);
        steps.call("drop the groups", Sys.SETGROUPS, 0, 0)
                .call("be the container's root group", Sys.SETRESGID, 0, 0, 0)
                .call("be the container's root", Sys.SETRESUID, 0, 0, 0)
                .call("umask", Sys.UMASK, 022);
        seccomp.accept(steps);
        show("/etc/passwd", PASSWD);
        show("/etc/group", GROUP);
        steps.await("who to be", go).chain(login);
    }

    /** As the container's root, inside: whatever the tenant put at that path, only the tenant's own files can be meant. */
    private void show(String path, int kind) {
        Cell file = steps.cell(path);
        Cell length = steps.cell("length of " + path);
        Flags flags = Flags.of(OpenFlag.O_RDONLY, OpenFlag.O_CLOEXEC, OpenFlag.O_NONBLOCK, OpenFlag.O_NOCTTY);
        steps.call("open " + path, Sys.OPENAT, Fd.AT_FDCWD, path, flags, 0)
                .ignoreErrors()
                .into(file)
                .set(length, file)
                .jumpIfLess(file, 0, "shown " + path)
                .call("show " + path, Sys.SENDFILE, accounts, file, 0, MOST_BYTES)
                .ignoreErrors()
                .into(length)
                .call("close " + path, Sys.CLOSE, file)
                .tolerate(Errno.EIO)
                .label("shown " + path)
                .tell(kind, length);
    }
}
