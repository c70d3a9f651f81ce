// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.agent.AgentSettings;
import io.berth.core.lsm.NoModule;
import io.berth.core.lsm.SecurityModule;
import io.berth.core.lsm.SelinuxType;
import io.berth.core.runtime.RuntimeSettings.Lsm;
import java.util.List;

/** What of the kernel's security modules stands behind containers and behind Berth's own processes. */
final class SecurityChecks {
    private final AgentSettings agent;

    SecurityChecks(AgentSettings agent) {
        this.agent = agent;
    }

    List<Finding> all() {
        return List.of(module());
    }

    /** Missing only where BERTH_REQUIRE_LSM asks for it: then the agent does not start without. */
    private Finding module() {
        String check = "security module";
        Lsm wanted = agent.lsm();
        SecurityModule found = SecurityModule.detect(
                agent.instance(),
                agent.stateDir().resolve("agent"),
                SelinuxType.valueOf(wanted.selinuxType().name()));
        if (wanted.required().isMetBy(found)) {
            return found instanceof NoModule none
                    ? Finding.note(check, none.describe() + "; containers run without. To change that, " + none.cure())
                    : Finding.ok(check, found.describe());
        }
        return Finding.missing(
                check,
                found.describe(),
                (found instanceof NoModule none ? none.cure() : "boot the kernel with the other module")
                        + ", or set BERTH_REQUIRE_LSM=none");
    }
}
