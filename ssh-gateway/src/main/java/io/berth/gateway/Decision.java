// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.AccessRules;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.TenantName;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The platform's word on a login. */
sealed interface Decision {
    /**
     * Come in: the ticket opens one container for one user until it expires.
     *
     * @param rules what may be done with it
     * @param stopped why the container does not run; null when it does
     * @param policy what its tenant wants of sessions
     * @param standby for when the platform does not answer; null where it gives none
     */
    record Admitted(
            TenantName tenant,
            String container,
            GuestUser user,
            String ticket,
            Instant ticketExpiresAt,
            AccessRules rules,
            @Nullable Stopped stopped,
            SessionPolicy policy,
            @Nullable Standby standby)
            implements Decision {
        /** The same by the ticket that lives longer, for a container that is taken to run. */
        Admitted onStandby() {
            Standby instead = Objects.requireNonNull(standby);
            return new Admitted(
                    tenant, container, user, instead.ticket(), instead.expiresAt(), rules, null, policy, instead);
        }

        boolean isOnStandby() {
            return standby != null && standby.ticket().equals(ticket);
        }
    }

    /** A ticket that outlives the platform's silence for a while. */
    record Standby(String ticket, Instant expiresAt) {}

    /**
     * What a tenant wants of sessions; null for nothing.
     *
     * @param idleSeconds after which silence one is ended
     * @param containerSessions how many there are of one container at most
     * @param tenantSessions of all its containers and the lobby
     * @param motd shown at the beginning of a shell with a terminal
     * @param recording of terminals
     */
    record SessionPolicy(
            @Nullable Integer idleSeconds,
            @Nullable Integer containerSessions,
            @Nullable Integer tenantSessions,
            @Nullable String motd,
            @Nullable RecordingWish recording) {
        static final SessionPolicy NONE = new SessionPolicy(null, null, null, null, null);
    }

    /**
     * That terminals are recorded.
     *
     * @param required by the operator: a session that can't be recorded is refused; else it is the tenant's own wish
     * @param input whether what is typed is kept, where it is echoed
     * @param full whether the tenant's recordings have filled their limit
     */
    record RecordingWish(boolean required, boolean input, boolean full) {}

    /** Why a container does not run. */
    enum Stopped {
        /** Its tenant stopped it. */
        MEANT,
        /** It should run. */
        UNMEANT
    }

    /**
     * Come in where there is no container.
     *
     * @param instead why it is not the container that was asked for; null where the lobby itself was
     */
    record Lobby(
            TenantName tenant, AccessRules rules, @Nullable String instead, SessionPolicy policy) implements Decision {}

    /** The key is known, and its tenant demands more: the code of whoever added it. */
    record SecondFactor(TenantName tenant, AccessRules rules) implements Decision {}

    /** The key is known, what it asks for does not exist or is closed to logins; the message is fit for the user. */
    record Nowhere(String message) implements Decision {}

    /** The name is no name, whoever asks; the message is fit for everybody. */
    record BadName(String message) implements Decision {}

    /** No access; why is for the log alone. */
    record Refused(String reason) implements Decision {}
}
