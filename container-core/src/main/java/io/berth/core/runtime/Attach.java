// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Errno;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.MemfdFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Seal;
import io.berth.core.linux.Signal;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanException;
import io.berth.core.plan.Report;
import io.berth.core.plan.Spawner;
import io.berth.core.process.Account;
import io.berth.core.process.Reaper;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attach, from the request to the running shell. */
final class Attach {
    /** A tenant can make its passwd a file that never answers; this bounds what the agent waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final byte[] GO = {1};
    private static final Logger LOG = LoggerFactory.getLogger(Attach.class);

    private final Life life;
    private final long uidBase;
    private final AttachRequest request;
    private final Reaper reaper;
    private final EnterPlan enter;
    private int pid = -1;
    private @Nullable Fd pidfd;
    private @Nullable Long passwdBytes;
    private @Nullable Long groupBytes;

    Attach(Life life, long uidBase, AttachRequest request, Machine machine) {
        this.life = life;
        this.uidBase = uidBase;
        this.request = request;
        this.reaper = machine.reaper();
        this.enter = machine.enterPlan(request.pty() != null);
    }

    /** Runs the request inside the container. */
    static Attachment attach(Life life, long uidBase, AttachRequest request, Machine machine) {
        try (Fd cgroup = life.cgroup.attachLeaf()) {
            return new Attach(life, uidBase, request, machine).run(cgroup);
        } catch (TurnedAwayException e) {
            // container root may have written to the leaf's cgroup.kill: it then kills whatever is cloned into it
            LOG.debug("event=attach-leaf-unusable error={}, ignoring", e.getMessage());
        }
        try (Fd cgroup = life.cgroup.freshAttachLeaf()) {
            return new Attach(life, uidBase, request, machine).run(cgroup);
        } catch (TurnedAwayException e) {
            throw new ContainerException(Refusal.CONFLICT, "the container lets nobody in: " + e.getMessage(), e);
        }
    }

    /** Nobody came in; the message says at which step. */
    private static final class TurnedAwayException extends RuntimeException {
        TurnedAwayException(String message) {
            super(message);
        }
    }

    private Attachment run(Fd cgroup) {
        Stdio stdio = stdio();
        try {
            return login(enter(stdio, cgroup), stdio);
        } catch (RuntimeException e) {
            stdio.closeOurs();
            throw e;
        } finally {
            stdio.closeTheirs();
        }
    }

    private Login login(Fd process, Stdio stdio) {
        try {
            List<Fd> fds = new ArrayList<>(List.of(process.dup()));
            fds.addAll(stdio.ours());
            return new Login(request.pty() != null, pid, process, fds, reaper);
        } catch (RuntimeException e) {
            reap(process);
            process.close();
            throw e;
        }
    }

    private Stdio stdio() {
        try (Fd devpts = life.dup(life.devpts)) {
            return Stdio.make(request.pty(), devpts, uidBase);
        }
    }

    private Fd enter(Stdio stdio, Fd cgroup) {
        try (Fd init = life.dup(life.init);
                Fd accounts = FileCalls.memfdCreate("accounts");
                Fd login = FileCalls.memfdCreate("login", MemfdFlag.MFD_ALLOW_SEALING);
                Pipe go = FileCalls.pipe2()) {
            Map<Slot, Fd> fds = Map.of(
                    enter.go, go.readEnd(),
                    enter.container, init,
                    enter.cgroup, cgroup,
                    enter.accounts, accounts,
                    enter.login, login);
            try (Spawner.Running helper = life.entrance().start(enter.plan, enter.code, fds, stdio.theirs())) {
                go.readEnd().close();
                return logIn(helper, stdio, accounts, login, go.writeEnd());
            }
        }
    }

    private Fd logIn(Spawner.Running helper, Stdio stdio, Fd accounts, Fd login, Fd go) {
        try {
            awaitAccounts(helper.report());
            Account account = account(accounts);
            stdio.own(uidBase + account.uid(), uidBase + Stdio.TTY_GROUP);
            Plan plan = LoginPlan.compose(account, request);
            FileCalls.writeAll(login, plan.encode());
            FileCalls.addSeals(login, Seal.F_SEAL_SEAL, Seal.F_SEAL_SHRINK, Seal.F_SEAL_GROW, Seal.F_SEAL_WRITE);
            FileCalls.write(go, GO);
            awaitExec(plan, helper.report());
            helper.child().waitFor();
            return process();
        } catch (RuntimeException e) {
            abandon(helper, go);
            throw e;
        }
    }

    private Fd process() {
        if (pidfd == null) {
            throw new IllegalStateException("no pid was told");
        }
        return pidfd;
    }

    private void awaitAccounts(Report report) {
        try {
            while (pidfd == null || passwdBytes == null || groupBytes == null) {
                note(report.next(PATIENCE)
                        .orElseThrow(
                                () -> new TurnedAwayException("it ended, or the process was killed on its way in")));
            }
        } catch (PlanException e) {
            throw new TurnedAwayException(String.valueOf(e.getMessage()));
        }
    }

    /** H and G write to the same pipe: G's words can overtake H's. */
    private void note(Report.Message message) {
        switch (message.kind()) {
            case EnterPlan.PID -> {
                pid = Math.toIntExact(message.value());
                pidfd = ProcessCalls.pidfdOpen(pid);
            }
            case EnterPlan.PASSWD -> passwdBytes = Math.max(0, message.value());
            case EnterPlan.GROUP -> groupBytes = Math.max(0, message.value());
            default -> throw new IllegalStateException("unexpected " + message);
        }
    }

    private Account account(Fd accounts) {
        String name = request.user().value();
        int passwd = Math.toIntExact(passwdBytes == null ? 0 : passwdBytes);
        int group = Math.toIntExact(groupBytes == null ? 0 : groupBytes);
        Optional<Account> account = Account.find(name, text(accounts, 0, passwd), text(accounts, passwd, group));
        return account.orElseThrow(() -> new ContainerException(
                Refusal.NOT_FOUND,
                "no user '" + name + "' in this container; log in as another, or make it inside with adduser"));
    }

    private static String text(Fd file, int offset, int length) {
        return length == 0 ? "" : new String(FileCalls.pread(file, offset, length), StandardCharsets.UTF_8);
    }

    /** The report's pipe closes on exec, so its end is success. */
    private static void awaitExec(Plan plan, Report report) {
        Report rest = new Report(plan, report.fd());
        try {
            rest.next(PATIENCE).ifPresent(message -> {
                throw new IllegalStateException("unexpected " + message);
            });
        } catch (PlanException e) {
            throw new ContainerException(
                    Refusal.CONFLICT,
                    "the login failed: " + e.getMessage() + "; see the user's shell in the container's /etc/passwd",
                    e);
        }
    }

    /** Ends and reaps whatever was started. */
    private void abandon(Spawner.Running helper, Fd go) {
        go.close(); // G waits for a byte; its end makes it exit
        helper.child().waitFor(); // H never blocks for long; killed, it might not name G
        while (pidfd == null && lastWords(helper.report())) {
            // until H's word about G, or the end
        }
        if (pidfd != null) {
            reap(pidfd);
            pidfd.close();
        }
    }

    private boolean lastWords(Report report) {
        try {
            Optional<Report.Message> message = report.next(PATIENCE);
            message.ifPresent(this::note);
            return message.isPresent();
        } catch (PlanException e) {
            return e.errno() != Errno.ETIMEDOUT;
        }
    }

    private static ExitStatus reap(Fd process) {
        ProcessCalls.pidfdSendSignal(process, Signal.SIGKILL);
        return ProcessCalls.waitid(process);
    }
}
