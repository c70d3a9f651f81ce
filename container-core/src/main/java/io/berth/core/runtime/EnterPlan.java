// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;

/**
 * The first half of an attach to a container whose accounts are not known, or have changed: as its root, show its passwd and group.
 * The second half, {@link LoginPlan}, is written once the user is known, and this one continues with it. It begins where the
 * {@link DoorPlan door} has forked it, inside and confined.
 */
final class EnterPlan implements AutoCloseable {
    /** Told: how many bytes of passwd are in the accounts file behind a status, or a negative errno and there is neither. */
    static final int PASSWD = 2;

    /** Told: the same of group, which follows. */
    static final int GROUP = 3;

    /** A tenant's passwd or group file is read up to here. */
    static final long MOST_BYTES = 256 << 10;

    final Slot go;
    final Slot accounts;
    final Slot login;
    final Plan plan;

    /** The plan as the spawner reads it; every attach maps the same file. */
    final Fd code;

    private final PlanBuilder steps = Plan.builder("berth-enter");

    /**
     * Composes it once for all attaches.
     *
     * @param terminal whether stdin is to become the session's terminal
     */
    EnterPlan(boolean terminal) {
        go = steps.slot("go");
        accounts = steps.slot("accounts");
        login = steps.slot("login");
        becomeRoot(steps);
        if (terminal) {
            takeTerminal(steps);
        }
        show(Accounts.PASSWD, PASSWD);
        show(Accounts.GROUP, GROUP);
        steps.await("who to be", go).chain(login);
        plan = steps.build();
        code = plan.toMemfd();
    }

    /** The container's root, instead of the host's uid that the door has. */
    static void becomeRoot(PlanBuilder plan) {
        plan.call("drop the groups", Sys.SETGROUPS, 0, 0)
                .call("be the container's root group", Sys.SETRESGID, 0, 0, 0)
                .call("be the container's root", Sys.SETRESUID, 0, 0, 0)
                .call(
                        "not dumpable",
                        Sys.PRCTL,
                        Prctl.PR_SET_DUMPABLE,
                        0,
                        0,
                        0,
                        0) // another uid is what fs.suid_dumpable says
                .call("umask", Sys.UMASK, 022);
    }

    static void takeTerminal(PlanBuilder plan) {
        plan.call("take the terminal", Sys.IOCTL, 0, Ioctl.TIOCSCTTY, 0);
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
                .jumpIfLess(file, 0, "shown " + path);
        Data status = FileIdentity.look(steps, path, file); // before the text: a change between them shows later
        steps.call("show the status of " + path, Sys.WRITE, accounts, status, FileIdentity.BYTES)
                .call("show " + path, Sys.SENDFILE, accounts, file, 0, MOST_BYTES)
                .ignoreErrors()
                .into(length)
                .call("close " + path, Sys.CLOSE, file)
                .tolerate(Errno.EIO)
                .jumpIfLess(-1, length, "shown " + path)
                .set(length, 0)
                .label("shown " + path)
                .tell(kind, length);
    }

    @Override
    public void close() {
        code.close();
    }
}
