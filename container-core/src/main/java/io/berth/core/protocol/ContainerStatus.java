// SPDX-License-Identifier: Apache-2.0
package io.berth.core.protocol;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ContainerState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container as the agent sees it.
 *
 * @param id its identity
 * @param spec what was asked for
 * @param state where it stands
 * @param shouldRun whether the agent starts it again after a restart of the node: true from a start until a stop, or until
 *     the container powers itself off
 * @param uidBase first uid and gid of the host that it owns; its ids are uidBase to uidBase + 65535
 * @param initPid its PID 1 in the host's numbering, null unless running
 * @param startedAt when its PID 1 was executed, null unless running
 * @param addresses the addresses that the node's network gave it, IPv4 and IPv6, textual
 * @param lastExit how its last PID 1 ended, in words, null when it never ran
 * @param securityLabel what the host's security module says its PID 1 is confined by, null where there is none
 * @param quarantine why and since when it is cut off, null when it is not
 */
public record ContainerStatus(
        ContainerId id,
        ContainerSpec spec,
        ContainerState state,
        boolean shouldRun,
        long uidBase,
        @Nullable Integer initPid,
        @Nullable Instant startedAt,
        List<String> addresses,
        @Nullable String lastExit,
        @Nullable String securityLabel,
        @Nullable QuarantineStatus quarantine) {
    public ContainerStatus {
        addresses = List.copyOf(addresses);
    }
}
