// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.TenantName;
import java.time.Instant;
import java.util.List;

/**
 * How one running container is isolated at one moment, by the kernel's word and not by our configuration.
 *
 * @param id whose
 * @param name its name
 * @param tenant its owner
 * @param takenAt when the kernel was asked
 * @param initPid its PID 1 in the host's numbering
 * @param lines all that was looked at
 */
public record ContainerPassport(
        ContainerId id, ContainerName name, TenantName tenant, Instant takenAt, int initPid, List<PassportLine> lines) {
    public ContainerPassport {
        lines = List.copyOf(lines);
    }

    /** Where the kernel's word is not what policy wants; empty when all is well. */
    public List<PassportLine> drift() {
        return lines.stream().filter(PassportLine::differs).toList();
    }
}
