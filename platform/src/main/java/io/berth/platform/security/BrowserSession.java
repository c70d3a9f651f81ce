// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Sign-in that a browser keeps: a cookie that names a session, and in the session who it was. */
@Component
public class BrowserSession {
    /** However busy a session is, it ends after this. */
    static final Duration LONGEST = Duration.ofHours(12);

    private static final String ATTRIBUTE = "berth.signed-in";

    private final Credentials credentials;
    private final Clock clock;

    BrowserSession(Credentials credentials, Clock clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    private record SignedIn(UUID userId, int credentialsVersion, Instant at) implements Serializable {}

    /** Begins a session, never one whose id was known before. */
    public void begin(HttpServletRequest request, SignIn.Accepted accepted) {
        end(request);
        request.getSession(true)
                .setAttribute(
                        ATTRIBUTE,
                        new SignedIn(accepted.caller().userId(), accepted.credentialsVersion(), clock.instant()));
    }

    public void end(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }

    Optional<Caller> caller(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null || !(session.getAttribute(ATTRIBUTE) instanceof SignedIn signedIn)) {
            return Optional.empty();
        }
        Optional<Caller> caller = clock.instant().isBefore(signedIn.at().plus(LONGEST))
                ? credentials.bySession(signedIn.userId(), signedIn.credentialsVersion())
                : Optional.empty();
        if (caller.isEmpty()) {
            session.invalidate();
        }
        return caller;
    }
}
