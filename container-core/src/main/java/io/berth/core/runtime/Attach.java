// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Child;
import io.berth.core.linux.Fd;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.Account;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.AttachRequest.Subsystem;
import io.berth.core.protocol.PtyRequest;
import java.util.ArrayList;
import java.util.List;

/** One attach: a process that becomes the user's shell, or a subsystem's program. */
final class Attach implements Task<Attachment> {
    private final AttachRequest request;
    private final long uidBase;
    private final Machine machine;
    private final Stdio stdio;
    private boolean handed;

    private Attach(Life life, long uidBase, AttachRequest request, Machine machine) {
        this.request = request;
        this.uidBase = uidBase;
        this.machine = machine;
        stdio = request.pty() == null ? Stdio.pipes() : terminal(request.pty(), life, uidBase);
    }

    private static Stdio terminal(PtyRequest request, Life life, long uidBase) {
        try (Fd devpts = life.dup(life.devpts)) {
            return Stdio.terminal(request, devpts, uidBase);
        }
    }

    /** Runs the request inside the container. */
    static Attachment attach(Life life, long uidBase, AttachRequest request, Machine machine) {
        return new Entering(life, request.user(), machine).enter(() -> new Attach(life, uidBase, request, machine));
    }

    @Override
    public List<Fd> standard() {
        return stdio.theirs();
    }

    @Override
    public boolean takesTerminal() {
        return request.pty() != null;
    }

    @Override
    public boolean executes() {
        return true;
    }

    @Override
    public void own(Account account) {
        stdio.own(uidBase + account.uid(), uidBase + Stdio.TTY_GROUP);
    }

    @Override
    public List<Fd> lent() {
        return request.subsystem() == Subsystem.SFTP
                ? machine.sftpServer().map(LentProgram::fds).orElse(List.of())
                : List.of();
    }

    @Override
    public void compose(PlanBuilder plan, Account account) {
        LoginPlan.execute(plan, account, request, stdio.terminal());
    }

    @Override
    public void compose(PlanBuilder plan, Account account, int lentAt) {
        if (request.subsystem() == Subsystem.SFTP) {
            List<String> environment = LoginPlan.environment(account, request, null);
            SftpServer.execute(plan, environment, machine.sftpServer(), lentAt);
        } else {
            compose(plan, account);
        }
    }

    @Override
    public Attachment arrived(Arrival arrival, Plan plan) {
        arrival.awaitExec(plan);
        Child process = arrival.take();
        List<Fd> fds = new ArrayList<>(List.of(process.pidfd().dup()));
        fds.addAll(stdio.ours());
        var login = new Login(request.pty() != null, process, fds, machine.reaper());
        handed = true;
        return login;
    }

    @Override
    public void close() {
        stdio.closeTheirs();
        if (!handed) {
            stdio.closeOurs();
        }
    }
}
