// SPDX-License-Identifier: Apache-2.0
package io.berth.core.namespace;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.Flags;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Arg.Data;
import io.berth.core.plan.PlanBuilder;
import java.time.Duration;

/** A container's uptime begins at its own birth; see time_namespaces(7). */
public final class TimeNamespace {
    private TimeNamespace() {}

    /**
     * Unshares time and sets the clocks back. The offsets can be set only while the namespace has no member, so this comes
     * before init's clone3.
     *
     * @param monotonic the host's CLOCK_MONOTONIC
     * @param boottime the host's CLOCK_BOOTTIME
     */
    public static void startAtZero(PlanBuilder plan, Duration monotonic, Duration boottime) {
        Cell file = plan.cell("timens_offsets");
        Data offsets =
                plan.string("monotonic -%d 0\nboottime -%d 0\n".formatted(monotonic.toSeconds(), boottime.toSeconds()));
        plan.call("unshare time", Sys.UNSHARE, Flags.of(CloneFlag.CLONE_NEWTIME))
                .call(
                        "open the clocks' offsets",
                        Sys.OPENAT,
                        Fd.AT_FDCWD,
                        "/proc/self/timens_offsets",
                        Flags.of(OpenFlag.O_WRONLY, OpenFlag.O_CLOEXEC),
                        0)
                .into(file)
                .call("set the clocks back", Sys.WRITE, file, offsets, offsets.length())
                .call("close the clocks' offsets", Sys.CLOSE, file);
    }
}
