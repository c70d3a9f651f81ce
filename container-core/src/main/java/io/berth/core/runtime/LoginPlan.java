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

    /** For a process that {@link EnterPlan} has brought so far. */
    static Plan compose(Account account, AttachRequest request) {
        PlanBuilder plan = Plan.builder("berth-login");
        execute(plan, account, request);
        return plan.build();
    }

    /** For a process fresh from the {@link DoorPlan door}: goes by what was known before, or tells that it has changed. */
    static Plan composeKnown(Accounts known, Account account, AttachRequest request) {
        PlanBuilder plan = Plan.builder("berth-login");
        EnterPlan.becomeRoot(plan);
        known.compare(plan, "changed");
        plan.tell(UNCHANGED, 0);
        if (request.pty() != null) {
            EnterPlan.takeTerminal(plan); // by who stays: a session leader's end hangs its terminal up
        }
        execute(plan, account, request);
        plan.label("changed").tell(CHANGED, 0).end(0);
        return plan.build();
    }

    private static void execute(PlanBuilder plan, Account account, AttachRequest request) {
        List<Integer> groups = account.groups();
        OpenFiles.limit(plan);
        plan.call("set the groups", Sys.SETGROUPS, groups.size(), plan.bytes(groups.toString(), encode(groups)))
                .call("set the group", Sys.SETRESGID, account.gid(), account.gid(), account.gid())
                .call("become " + account.name(), Sys.SETRESUID, account.uid(), account.uid(), account.uid())
                .call("not dumpable until the exec", Sys.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0, 0)
                .call("go to /", Sys.CHDIR, "/")
                .call("go home", Sys.CHDIR, account.home())
                .ignoreErrors()
                .call("close all on exec", Sys.CLOSE_RANGE, LOWEST, MOST_FDS, CloseRangeFlag.CLOSE_RANGE_CLOEXEC)
                .exec(account.shell(), argv(account, request), environment(account, request));
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
    static List<String> environment(Account account, AttachRequest request) {
        Map<String, String> variables = new TreeMap<>(request.environment());
        variables.put("USER", account.name());
        variables.put("LOGNAME", account.name());
        variables.put("HOME", account.home());
        variables.put("SHELL", account.shell());
        variables.put("PATH", account.uid() == 0 ? ROOT_PATH : USER_PATH);
        if (request.pty() != null) {
            variables.put("TERM", request.pty().term());
        }
        return variables.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }
}
