// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.capability.BoundingSet;
import io.berth.core.capability.Capability;
import io.berth.core.capability.CapabilitySet;
import io.berth.core.linux.Architecture;
import io.berth.core.lsm.SecurityModule;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.seccomp.SeccompPolicy;
import java.util.function.Consumer;

/** What init and every login lose alike, so that logging in is no way round. */
final class Confinement {
    private static final SeccompPolicy SECCOMP = SeccompPolicy.container(Architecture.host());

    private Confinement() {}

    static void seccomp(PlanBuilder plan) {
        SECCOMP.install(plan);
    }

    static void dropCapabilities(PlanBuilder plan) {
        BoundingSet.drop(plan);
    }

    /** As {@link #dropCapabilities}, less what loading policy of its own takes where the host has room for it. */
    static Consumer<PlanBuilder> dropCapabilities(SecurityModule security) {
        CapabilitySet kept =
                security.guestsHavePolicy() ? CapabilitySet.of(Capability.CAP_MAC_ADMIN) : CapabilitySet.NONE;
        return plan -> BoundingSet.drop(plan, kept);
    }
}
