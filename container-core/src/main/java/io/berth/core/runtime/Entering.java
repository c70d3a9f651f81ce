// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.cgroup.ContainerCgroup;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.MemfdFlag;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.Seal;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.Plan;
import io.berth.core.process.Account;
import io.berth.core.protocol.Refusal;
import io.berth.core.runtime.Arrival.TurnedAwayException;
import io.berth.core.spec.GuestUser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process's way into a container until it is the user. Who the user is says the container's own passwd: where it is known from an
 * earlier login, the process only makes sure that it is unchanged; else the process shows it first.
 */
final class Entering {
    private static final byte[] GO = {1};
    private static final Logger LOG = LoggerFactory.getLogger(Entering.class);

    private final Life life;
    private final GuestUser user;
    private final Machine machine;

    Entering(Life life, GuestUser user, Machine machine) {
        this.life = life;
        this.user = user;
        this.machine = machine;
    }

    /** @param tasks makes the task, anew for each try */
    <T> T enter(Supplier<Task<T>> tasks) {
        try (Fd cgroup = life.leaf()) {
            return enter(tasks, cgroup);
        } catch (TurnedAwayException e) {
            // container root may have written to the leaf's cgroup.kill: it then kills whatever is cloned into it
            LOG.debug("event=attach-leaf-unusable error={}, ignoring", e.getMessage());
        }
        try (Fd cgroup = life.freshLeaf()) {
            return enter(tasks, cgroup);
        } catch (TurnedAwayException e) {
            throw new ContainerException(Refusal.CONFLICT, "the container lets nobody in: " + e.getMessage(), e);
        }
    }

    private <T> T enter(Supplier<Task<T>> tasks, Fd cgroup) {
        try (Task<T> task = tasks.get()) {
            return life.accounts()
                    .flatMap(known -> enterAsKnown(known, task, cgroup))
                    .orElseGet(() -> enterAsShown(task, cgroup));
        }
    }

    /** @return empty when the accounts have changed, or there is no such user: then what is there now decides */
    private <T> Optional<T> enterAsKnown(Accounts known, Task<T> task, Fd cgroup) {
        return known.find(user).flatMap(account -> enterAs(account, known, task, cgroup));
    }

    private <T> Optional<T> enterAs(Account account, Accounts known, Task<T> task, Fd cgroup) {
        Plan plan = LoginPlan.composeKnown(
                known, account, task.takesTerminal(), steps -> task.compose(steps, account, Outfit.lentAt(List.of())));
        var outfit = new Outfit(task.standard(), Map.of(), task.lent());
        task.own(account);
        try (Fd code = plan.toMemfd();
                Arrival arrival =
                        new Arrival(life.ask(machine.rules(), plan, code, outfit, cgroup), machine.reaper())) {
            requireThawed(cgroup);
            if (task.executes()) {
                arrival.awaitExecQuietly();
            }
            if (arrival.awaitEither(LoginPlan.UNCHANGED, LoginPlan.CHANGED) == LoginPlan.CHANGED) {
                return Optional.empty();
            }
            return Optional.of(task.arrived(arrival, plan));
        }
    }

    private <T> T enterAsShown(Task<T> task, Fd cgroup) {
        EnterPlan enter = machine.enterPlan(task.takesTerminal());
        try (Fd accounts = FileCalls.memfdCreate("accounts");
                Fd login = FileCalls.memfdCreate("login", MemfdFlag.MFD_ALLOW_SEALING);
                Pipe go = FileCalls.pipe2()) {
            Map<Slot, Fd> slots = Map.of(enter.go, go.readEnd(), enter.accounts, accounts, enter.login, login);
            var outfit = new Outfit(task.standard(), slots, task.lent());
            try (Arrival arrival =
                    new Arrival(life.ask(machine.rules(), enter.plan, enter.code, outfit, cgroup), machine.reaper())) {
                go.readEnd().close();
                requireThawed(cgroup);
                Account account = account(arrival, accounts);
                task.own(account);
                Plan plan = LoginPlan.compose(
                        account, steps -> task.compose(steps, account, Outfit.lentAt(enter.plan.slots())));
                FileCalls.writeAll(login, plan.encode());
                FileCalls.addSeals(login, Seal.F_SEAL_SEAL, Seal.F_SEAL_SHRINK, Seal.F_SEAL_GROW, Seal.F_SEAL_WRITE);
                FileCalls.write(go.writeEnd(), GO);
                return task.arrived(arrival, plan);
            }
        }
    }

    /** Looked at while the process is being born: the agent has nothing else to do then. */
    private static void requireThawed(Fd cgroup) {
        if (ContainerCgroup.isFrozen(cgroup)) {
            throw new TurnedAwayException("its cgroup is frozen, or gone");
        }
    }

    private Account account(Arrival arrival, Fd file) {
        Accounts shown = Accounts.read(file, arrival.await(EnterPlan.PASSWD), arrival.await(EnterPlan.GROUP));
        life.remember(shown, machine.clock().instant());
        return shown.find(user)
                .orElseThrow(() -> new ContainerException(
                        Refusal.NOT_FOUND,
                        "no user '" + user + "' in this container; log in as another, or make it inside with adduser"));
    }
}
