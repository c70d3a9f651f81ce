// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.CloseRangeFlag;
import io.berth.core.linux.Prctl;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.Account;
import io.berth.core.process.OpenFiles;
import io.berth.core.protocol.AttachRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The second half of an attach, or all of it where the container's accounts are known: become the user and execute the shell. */
final class LoginPlan {
    /** Told by {@link #composeKnown}: the accounts are what they were, and the login goes on. */
    static final int UNCHANGED = 4;

    /** Told instead of it: they are not, and the process ends. */
    static final int CHANGED = 5;

    private static final long LOWEST = 3;
    private static final long MOST_FDS = 0xffff_ffffL;
    private static final String ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String USER_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games";

    private LoginPlan() {}

    /**
     * For a process that {@link EnterPlan} has brought so far.
     *
     * @param then adds what it does once it is the user
     */
    static Plan compose(Account account, Consumer<PlanBuilder> then) {
        PlanBuilder plan = Plan.builder("berth-login");
        become(plan, account);
        then.accept(plan);
        return plan.build();
    }

    /**
     * For a process fresh from the {@link DoorPlan door}: goes by what was known before, or tells that it has changed.
     *
     * @param terminal whether stdin is to become the session's terminal
     * @param then adds what it does once it is the user
     */
    static Plan composeKnown(Accounts known, Account account, boolean terminal, Consumer<PlanBuilder> then) {
        PlanBuilder plan = Plan.builder("berth-login");
        EnterPlan.becomeRoot(plan);
        known.compare(plan, "changed");
        plan.tell(UNCHANGED, 0);
        if (terminal) {
            EnterPlan.takeTerminal(plan); // by who stays: a session leader's end hangs its terminal up
        }
        become(plan, account);
        then.accept(plan);
        plan.label("changed").tell(CHANGED, 0).end(0);
        return plan.build();
    }

    private static void become(PlanBuilder plan, Account account) {
        List<Integer> groups = account.groups();
        OpenFiles.limit(plan);
        plan.call("set the groups", Sys.SETGROUPS, groups.size(), plan.bytes(groups.toString(), encode(groups)))
                .call("set the group", Sys.SETRESGID, account.gid(), account.gid(), account.gid())
                .call("become " + account.name(), Sys.SETRESUID, account.uid(), account.uid(), account.uid())
                .call("not dumpable until the exec", Sys.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0)
                .call("go to /", Sys.CHDIR, "/")
                .call("go home", Sys.CHDIR, account.home())
                .ignoreErrors()
                .call("close all on exec", Sys.CLOSE_RANGE, LOWEST, MOST_FDS, CloseRangeFlag.CLOSE_RANGE_CLOEXEC);
    }

    /** @param terminal path of the session's terminal inside, null without one */
    static void execute(PlanBuilder plan, Account account, AttachRequest request, @Nullable String terminal) {
        plan.exec(account.shell(), argv(account, request), environment(account, request, terminal));
    }

    private static byte[] encode(List<Integer> groups) {
        ByteBuffer ids = ByteBuffer.allocate(groups.size() * Integer.BYTES).order(ByteOrder.nativeOrder());
        groups.forEach(ids::putInt);
        return ids.array();
    }

    /** As login(1) and sshd(8) do: a name that begins with '-' says login shell. */
    static List<String> argv(Account account, AttachRequest request) {
        String name = account.shell().substring(account.shell().lastIndexOf('/') + 1);
        String command = request.command();
        return command == null ? List.of("-" + name) : List.of(name, "-c", command);
    }

    /** The client's variables, then those that are the agent's to say. */
    static List<String> environment(Account account, AttachRequest request, @Nullable String terminal) {
        Map<String, String> variables = new TreeMap<>(request.environment());
        variables.put("USER", account.name());
        variables.put("LOGNAME", account.name());
        variables.put("HOME", account.home());
        variables.put("SHELL", account.shell());
        variables.put("PATH", account.uid() == 0 ? ROOT_PATH : USER_PATH);
        if (request.pty() != null) {
            variables.put("TERM", request.pty().term());
        }
        if (terminal != null && variables.containsKey("SSH_CONNECTION")) {
            variables.put(
                    "SSH_TTY", terminal); // as sshd(8) says it; a login from the host's own command line is none by SSH
        }
        return variables.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }
}
