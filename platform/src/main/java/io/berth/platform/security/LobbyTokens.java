// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import java.util.Optional;

/** Checks what the gateway shows on behalf of whoever has logged in to the lobby; the login module answers. */
public interface LobbyTokens {
    /** What such a token begins with; no other does. */
    String PREFIX = "berthlobby_";

    /** Empty when the login is over, or its key opens the lobby no longer. */
    Optional<Caller> caller(String token);
}
