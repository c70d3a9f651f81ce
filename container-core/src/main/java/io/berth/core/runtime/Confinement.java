// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.capability.BoundingSet;
import io.berth.core.capability.Capability;
import io.berth.core.capability.CapabilitySet;
import io.berth.core.linux.Architecture;
import io.berth.core.linux.SeccompFlag;
import io.berth.core.lsm.SecurityModule;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.seccomp.Patch;
import io.berth.core.seccomp.SeccompPolicy;
import java.util.List;
import java.util.function.Consumer;

/** What init and every login lose alike, so that logging in is no way round. */
final class Confinement {
    private static final SeccompPolicy SECCOMP =
            SeccompPolicy.container(Architecture.host()).supervised();

    private Confinement() {}

    /** The policy with today's virtual patches. */
    static SeccompPolicy policy(List<Patch> patches) {
        return SECCOMP.patched(patches);
    }

    /** Installs the filter; its listener is in the cell then. */
    static Cell filter(PlanBuilder plan, SeccompPolicy policy) {
        Cell listener = plan.cell("listener");
        policy.install(
                        plan,
                        SeccompFlag.SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        // else any signal, SIGCHLD say, interrupts a call that is being carried out, and it is made
                        // again
                        SeccompFlag.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
                .into(listener);
        return listener;
    }

    /** How many filters init has at least. */
    static int filters() {
        return 1;
    }

    /** What no process of a container may have beyond, as bits. */
    static long capabilities(SecurityModule security) {
        return ~BoundingSet.dropped().without(kept(security)).bits();
    }

    static void dropCapabilities(PlanBuilder plan) {
        BoundingSet.drop(plan);
    }

    /** As {@link #dropCapabilities}, less what loading policy of its own takes where the host has room for it. */
    static Consumer<PlanBuilder> dropCapabilities(SecurityModule security) {
        return plan -> BoundingSet.drop(plan, kept(security));
    }

    private static CapabilitySet kept(SecurityModule security) {
        return security.guestsHavePolicy() ? CapabilitySet.of(Capability.CAP_MAC_ADMIN) : CapabilitySet.NONE;
    }
}
