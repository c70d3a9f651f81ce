// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Pipe;
import io.berth.core.linux.SocketCalls;
import io.berth.core.linux.SocketConstant;
import io.berth.core.plan.Plan;
import io.berth.core.plan.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agent's end of the socket that a {@link ForkLoop} is asked by. */
record Requests(Fd socket) {
    /**
     * Asks for a fork.
     *
     * @param outfit what it is born with
     * @param cgroup where the child is born; null for where the loop is
     * @return what the child, and the loop about it, will tell
     */
    Report ask(Plan plan, Fd code, Outfit outfit, @Nullable Fd cgroup) {
        Pipe report = FileCalls.pipe2();
        try (Fd tell = report.writeEnd()) {
            List<Fd> all = new ArrayList<>(outfit.standard());
            all.add(code);
            all.add(tell);
            plan.slots().forEach(slot -> all.add(outfit.slots().get(slot)));
            all.addAll(outfit.lent());
            if (cgroup != null) {
                all.add(cgroup);
            }
            byte[] message = cgroup == null ? ForkLoop.cloned() : ForkLoop.clonedInto(all);
            SocketCalls.sendmsg(socket, message, all, SocketConstant.MSG_NOSIGNAL);
            return new Report(plan, report.readEnd());
        } catch (RuntimeException e) {
            report.close();
            throw e;
        }
    }
}
