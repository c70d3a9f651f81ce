// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.AccessRules;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.TenantName;
import java.time.Instant;

/** The platform's word on a login. */
sealed interface Decision {
    /**
     * Come in: the ticket opens one container for one user until it expires.
     *
     * @param rules what may be done with it
     */
    record Admitted(
            TenantName tenant,
            String container,
            GuestUser user,
            String ticket,
            Instant ticketExpiresAt,
            AccessRules rules)
            implements Decision {}

    /** The key is known, what it asks for does not exist or is closed to logins; the message is fit for the user. */
    record Nowhere(String message) implements Decision {}

    /** The name is no name, whoever asks; the message is fit for everybody. */
    record BadName(String message) implements Decision {}

    /** No access; why is for the log alone. */
    record Refused(String reason) implements Decision {}
}
