// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Checks what a caller shows; the account module answers. */
public interface Credentials {
    /** @param address where the caller comes from, for throttling */
    SignIn byPassword(String userName, String password, SecondProof proof, String address);

    /**
     * The same for somebody who is signed in: by the second factor where the account has one, else by the password.
     *
     * @return accepted with whether it was a second factor
     */
    SignIn confirmed(Caller caller, @Nullable String password, SecondProof proof, String address);

    /** Empty when the token is unknown, expired or revoked. */
    Optional<Caller> byToken(String token);

    /** Empty when the account is gone or its password has changed since the session began. */
    Optional<Caller> bySession(UUID userId, int credentialsVersion, Proof proof);
}
