// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.lsm.SecurityModule;
import io.berth.core.seccomp.SeccompPolicy;

/**
 * What begins now is held to this: the policy, and the plan by which doors that enforce it enter. Composed anew when a virtual patch
 * comes or goes.
 */
record Rules(SeccompPolicy policy, DoorPlan door) {
    /** @param security of the host: what labels its containers have */
    static Rules of(SeccompPolicy policy, SecurityModule security) {
        return new Rules(
                policy,
                DoorPlan.compose(
                        plan -> Confinement.filter(plan, policy),
                        Confinement.dropCapabilities(security),
                        security::enter));
    }
}
