// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.access.AccessRules;
import io.berth.platform.sshlog.SshPolicy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the gateway; with ALLOW everything but the message is there, with LOBBY and SECOND_FACTOR the tenant and the rules, otherwise only the
 * message.
 *
 * @param tenant also where the lobby may be entered instead of a container that there is not
 * @param standbyTicket for when this platform does not answer; null where there shall be none
 * @param policy what the tenant wants of its sessions
 * @param stopped how the container came to be so; null when it runs
 */
record LoginDecision(
        Decision decision,
        @Nullable String message,
        @Nullable String tenant,
        @Nullable String containerId,
        @Nullable String containerName,
        @Nullable String guestUser,
        @Nullable String ticket,
        @Nullable Instant ticketExpiresAt,
        @Nullable String standbyTicket,
        @Nullable Instant standbyExpiresAt,
        @Nullable AccessRules rules,
        @Nullable Stopped stopped,
        @Nullable SshPolicy policy) {
    /** What the gateway is to do. */
    enum Decision {
        ALLOW,
        LOBBY,
        LOBBY_NOT_ALLOWED,
        /** The same login with a code opens. */
        SECOND_FACTOR,
        /** A code is demanded, and nobody has one. */
        NO_SECOND_FACTOR,
        UNKNOWN_KEY,
        KEY_EXPIRED,
        SOURCE_NOT_ALLOWED,
        BAD_CERTIFICATE,
        CERTIFICATE_EXPIRED,
        CERTIFICATE_REVOKED,
        PRINCIPAL_NOT_ALLOWED,
        BAD_NAME,
        NO_SUCH_CONTAINER,
        SUSPENDED,
        QUARANTINED
    }

    /** Why a container does not run. */
    enum Stopped {
        /** Its tenant stopped it, by a verb or from inside. */
        MEANT,
        /** It should run. */
        UNMEANT
    }

    static LoginDecision refused(Decision decision, String message) {
        return new LoginDecision(decision, message, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** Where a code is demanded, no ticket outlives the platform's silence. */
    LoginDecision withoutStandby() {
        return new LoginDecision(
                decision,
                message,
                tenant,
                containerId,
                containerName,
                guestUser,
                ticket,
                ticketExpiresAt,
                null,
                null,
                rules,
                stopped,
                policy);
    }

    static LoginDecision secondFactor(Shown shown) {
        return lobby(Decision.SECOND_FACTOR, null, shown);
    }

    /** @param message null in the lobby itself; otherwise why there is nothing else to enter */
    static LoginDecision lobby(Decision decision, @Nullable String message, Shown shown) {
        return new LoginDecision(
                decision,
                message,
                shown.tenant(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                shown.rules(),
                null,
                shown.policy());
    }
}
