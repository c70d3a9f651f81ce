// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.access.AccessRules;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The answer to the gateway; with ALLOW everything but the message is there, otherwise only the message. */
record LoginDecision(
        Decision decision,
        @Nullable String message,
        @Nullable String tenant,
        @Nullable String containerId,
        @Nullable String containerName,
        @Nullable String guestUser,
        @Nullable String ticket,
        @Nullable Instant ticketExpiresAt,
        @Nullable AccessRules rules) {
    /** What the gateway is to do. */
    enum Decision {
        ALLOW,
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

    static LoginDecision refused(Decision decision, String message) {
        return new LoginDecision(decision, message, null, null, null, null, null, null, null);
    }
}
