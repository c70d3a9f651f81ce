// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.agent.AgentSettings;
import io.berth.core.linux.LandlockAccess;
import io.berth.core.linux.LandlockCalls;
import io.berth.core.lsm.NoModule;
import io.berth.core.lsm.SafeSetId;
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
        return List.of(module(), landlock(), safeSetId());
    }

    private static Finding landlock() {
        int abi = LandlockCalls.abi();
        if (abi == 0) {
            return Finding.note(
                    "Landlock",
                    "none; platform and gateway run without it. Boot a kernel that has it, with landlock in lsm=");
        }
        return Finding.ok(
                "Landlock",
                "ABI " + abi + "; platform and gateway lock themselves in"
                        + (LandlockAccess.LANDLOCK_ACCESS_NET_CONNECT_TCP.isIn(abi)
                                ? ""
                                : ", files only: ports from ABI 4 on"));
    }

    private static Finding safeSetId() {
        return SafeSetId.isThere()
                ? Finding.ok("SafeSetID", "the monitors' account can become no other")
                : Finding.note(
                        "SafeSetID", "the kernel runs without; the monitors have no capability that it would curb");
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
