// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.Refusal;
import io.berth.core.seccomp.InvalidPatchException;
import io.berth.core.seccomp.Patch;
import io.berth.core.spec.ContainerId;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an admin may change about the seccomp policy: exceptions of one container with an end, and patches of all without. */
final class PolicyChanges {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyChanges.class);

    /** An exception that nobody remembers is a hole: whoever still needs it in a year grants it again. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Machine machine;

    PolicyChanges(Machine machine) {
        this.machine = machine;
    }

    void grant(ContainerId id, String rule, Instant until) {
        Instant now = machine.clock().instant();
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            throw new ContainerException(
                    Refusal.INVALID,
                    "until: " + until + " is " + (until.isAfter(now) ? "more than 366 days ahead" : "past")
                            + "; an exception ends between now and then");
        }
        if (!machine.rules().policy().mayGrant(rule)) {
            throw new ContainerException(
                    Refusal.INVALID,
                    "rule: there is no exception from '" + rule + "'; there can be one from "
                            + String.join(", ", machine.rules().policy().grantable()));
        }
        machine.grants().grant(id, rule, until);
        LOG.info("event=granted container={} rule={} until={}", id, rule, until);
    }

    PatchStatus addPatch(String call) {
        try {
            PatchStatus patch = machine.addPatch(new Patch(call));
            LOG.info("event=patched call={} since={}", call, patch.addedAt());
            return patch;
        } catch (InvalidPatchException e) {
            throw new ContainerException(Refusal.INVALID, "call: " + e.getMessage(), e);
        }
    }
}
