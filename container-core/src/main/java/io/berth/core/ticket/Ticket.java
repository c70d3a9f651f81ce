// SPDX-License-Identifier: Apache-2.0
package io.berth.core.ticket;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.TenantName;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * The platform's word that somebody may log in to one container.
 *
 * @param tenant whose container it is
 * @param container the only one that it is good for
 * @param user the only user name inside that it is good for
 * @param grants what may be done
 * @param subject who logs in: the key's fingerprint or the account, for the audit trail
 * @param expiresAt good until then; the platform keeps this under two minutes away, and a standby ticket's under {@link #LONGEST_STANDBY}
 */
public record Ticket(
        TenantName tenant,
        ContainerId container,
        GuestUser user,
        Set<Grant> grants,
        String subject,
        Instant expiresAt) {
    /** So long at most somebody whose key was removed gets in, should the platform fall silent just then. */
    public static final Duration LONGEST_STANDBY = Duration.ofHours(4);

    public Ticket {
        grants = Set.copyOf(grants);
    }

    /** What a ticket may allow. */
    public enum Grant {
        /** A login shell. */
        SHELL,
        /** A command line. */
        EXEC,
        /** A terminal for either. */
        PTY,
        /** Files, by the container's sftp-server. */
        SFTP,
        /** Connections from inside the container. */
        CONNECT,
        /** Sockets inside the container that lead to the client. */
        LISTEN,
        /** Nothing by itself: such a ticket is kept by the gateway for when the platform does not answer, and lives longer. */
        STANDBY
    }
}
