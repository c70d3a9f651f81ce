// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.PlanBuilder;

/**
 * oom_score_adj: a service manager may have lowered the agent's, so that the kernel spares it when memory runs out; no container is to
 * inherit that.
 */
public final class OomScore {
    private OomScore() {}

    /**
     * Puts the calling process's back to 0, and what it may be lowered to again with it: the kernel does the latter for who has
     * CAP_SYS_RESOURCE in the initial user namespace (__set_oom_adj, fs/proc/base.c), so this comes before any other is entered.
     */
    public static void reset(PlanBuilder plan) {
        Cell file = plan.cell("oom_score_adj");
        Data zero = plan.string("0");
        plan.call(
                        "open the out-of-memory rank",
                        Sys.OPENAT,
                        Fd.AT_FDCWD,
                        "/proc/self/oom_score_adj",
                        Flags.of(OpenFlag.O_WRONLY, OpenFlag.O_CLOEXEC),
                        0)
                .into(file)
                .call("be no less a victim than others", Sys.WRITE, file, zero, 1)
                .call("close the out-of-memory rank", Sys.CLOSE, file);
    }
}
