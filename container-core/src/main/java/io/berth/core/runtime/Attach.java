// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Child;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.MemfdFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Seal;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.process.Account;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Refusal;
import io.berth.core.runtime.Arrival.TurnedAwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attach, from the request to the running shell. Who the user is says the container's own passwd: where it is known from an
 * earlier login, the process only makes sure that it is unchanged; else the process shows it first.
 */
final class Attach {
    private static final byte[] GO = {1};
    private static final Logger LOG = LoggerFactory.getLogger(Attach.class);

    private final Life life;
    private final long uidBase;
    private final AttachRequest request;
    private final Machine machine;

    Attach(Life life, long uidBase, AttachRequest request, Machine machine) {
        this.life = life;
        this.uidBase = uidBase;
        this.request = request;
        this.machine = machine;
    }

    /** Runs the request inside the container. */
    static Attachment attach(Life life, long uidBase, AttachRequest request, Machine machine) {
        Attach attach = new Attach(life, uidBase, request, machine);
        try (Fd cgroup = life.cgroup.attachLeaf()) {
            return attach.run(cgroup);
        } catch (TurnedAwayException e) {
            // container root may have written to the leaf's cgroup.kill: it then kills whatever is cloned into it
            LOG.debug("event=attach-leaf-unusable error={}, ignoring", e.getMessage());
        }
        try (Fd cgroup = life.cgroup.freshAttachLeaf()) {
            return attach.run(cgroup);
        } catch (TurnedAwayException e) {
            throw new ContainerException(Refusal.CONFLICT, "the container lets nobody in: " + e.getMessage(), e);
        }
    }

    private Attachment run(Fd cgroup) {
        Stdio stdio = stdio();
        try {
            return life.accounts()
                    .flatMap(known -> logInAsKnown(known, stdio, cgroup))
                    .orElseGet(() -> logIn(stdio, cgroup));
        } catch (RuntimeException e) {
            stdio.closeOurs();
            throw e;
        } finally {
            stdio.closeTheirs();
        }
    }

    /** @return empty when the accounts have changed, or there is no such user: then what is there now decides */
    private Optional<Login> logInAsKnown(Accounts known, Stdio stdio, Fd cgroup) {
        return known.find(request.user()).flatMap(account -> logInAs(account, known, stdio, cgroup));
    }

    private Optional<Login> logInAs(Account account, Accounts known, Stdio stdio, Fd cgroup) {
        Plan plan = LoginPlan.composeKnown(known, account, request);
        own(stdio, account);
        try (Fd code = plan.toMemfd();
                Arrival arrival = new Arrival(
                        life.ask(machine.rules(), plan, code, Map.of(), stdio.theirs(), cgroup), machine.reaper())) {
            if (arrival.awaitEither(LoginPlan.UNCHANGED, LoginPlan.CHANGED) == LoginPlan.CHANGED) {
                return Optional.empty();
            }
            arrival.awaitExec(plan);
            return Optional.of(login(arrival, stdio));
        }
    }

    private Login logIn(Stdio stdio, Fd cgroup) {
        EnterPlan enter = machine.enterPlan(request.pty() != null);
        try (Fd accounts = FileCalls.memfdCreate("accounts");
                Fd login = FileCalls.memfdCreate("login", MemfdFlag.MFD_ALLOW_SEALING);
                Pipe go = FileCalls.pipe2()) {
            Map<Slot, Fd> fds = Map.of(enter.go, go.readEnd(), enter.accounts, accounts, enter.login, login);
            try (Arrival arrival = new Arrival(
                    life.ask(machine.rules(), enter.plan, enter.code, fds, stdio.theirs(), cgroup), machine.reaper())) {
                go.readEnd().close();
                Account account = account(arrival, accounts);
                own(stdio, account);
                Plan plan = LoginPlan.compose(account, request);
                FileCalls.writeAll(login, plan.encode());
                FileCalls.addSeals(login, Seal.F_SEAL_SEAL, Seal.F_SEAL_SHRINK, Seal.F_SEAL_GROW, Seal.F_SEAL_WRITE);
                FileCalls.write(go.writeEnd(), GO);
                arrival.awaitExec(plan);
                return login(arrival, stdio);
            }
        }
    }

    private Account account(Arrival arrival, Fd file) {
        Accounts shown = Accounts.read(file, arrival.await(EnterPlan.PASSWD), arrival.await(EnterPlan.GROUP));
        life.remember(shown, machine.clock().instant());
        return shown.find(request.user())
                .orElseThrow(() -> new ContainerException(
                        Refusal.NOT_FOUND,
                        "no user '" + request.user()
                                + "' in this container; log in as another, or make it inside with adduser"));
    }

    private void own(Stdio stdio, Account account) {
        stdio.own(uidBase + account.uid(), uidBase + Stdio.TTY_GROUP);
    }

    private Login login(Arrival arrival, Stdio stdio) {
        Child process = arrival.take();
        List<Fd> fds = new ArrayList<>(List.of(process.pidfd().dup()));
        fds.addAll(stdio.ours());
        return new Login(request.pty() != null, process, fds, machine.reaper());
    }

    private Stdio stdio() {
        try (Fd devpts = life.dup(life.devpts)) {
            return Stdio.make(request.pty(), devpts, uidBase);
        }
    }
}
