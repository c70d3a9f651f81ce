// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Who wants in.
 *
 * @param userName as the SSH client sent it: {@code [guestUser+]container[.tenant]}
 * @param publicKey in OpenSSH's form, without a comment: {@code ssh-ed25519 AAAA…}
 * @param sourceAddress textual, without a port
 * @param secondFactor the platform's word that this key's second factor was shown; null for nothing of the kind
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LoginRequest(
        String userName,
        String publicKey,
        String sourceAddress,
        @Nullable String secondFactor) {
    LoginRequest(String userName, String publicKey, String sourceAddress) {
        this(userName, publicKey, sourceAddress, null);
    }

    LoginRequest with(String shown) {
        return new LoginRequest(userName, publicKey, sourceAddress, shown);
    }
}
