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
    private final BrowserSessions sessions;
    private final Clock clock;

    BrowserSession(Credentials credentials, BrowserSessions sessions, Clock clock) {
        this.credentials = credentials;
        this.sessions = sessions;
        this.clock = clock;
    }

    /**
     * What a session holds.
     *
     * @param at when it began
     * @param provedAt when the person showed last who they are
     */
    private record SignedIn(
            UUID id, UUID userId, int credentialsVersion, Instant at, boolean secondFactor, Instant provedAt)
            implements Serializable {}

    /** Begins a session, never one whose id was known before. */
    public void begin(HttpServletRequest request, SignIn.Accepted accepted) {
        end(request);
        request.setAttribute(Caller.ATTRIBUTE, accepted.caller());
        UUID user = accepted.caller().userId();
        UUID id = sessions.begin(user, request);
        Instant now = clock.instant();
        boolean secondFactor = accepted.caller().proof().secondFactor();
        request.getSession(true)
                .setAttribute(ATTRIBUTE, new SignedIn(id, user, accepted.credentialsVersion(), now, secondFactor, now));
    }

    /**
     * Somebody has shown just now that they are still there. Nothing is kept where the request's credential was another than its
     * session: a cookie that lies beside it may be anybody's.
     */
    public void proved(HttpServletRequest request, boolean secondFactor) {
        HttpSession session = request.getSession(false);
        if (session != null
                && request.getAttribute(Caller.ATTRIBUTE) instanceof Caller caller
                && caller.kind() == Caller.Kind.SESSION) {
            signedIn(session)
                    .ifPresent(old -> session.setAttribute(
                            ATTRIBUTE,
                            new SignedIn(
                                    old.id(),
                                    old.userId(),
                                    old.credentialsVersion(),
                                    old.at(),
                                    secondFactor,
                                    clock.instant())));
        }
    }

    public void end(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            signedIn(session).ifPresent(signedIn -> sessions.end(signedIn.userId(), signedIn.id()));
            session.invalidate();
        }
    }

    /** Which session a request belongs to; empty for one without. */
    public Optional<UUID> id(HttpServletRequest request) {
        return Optional.ofNullable(request.getSession(false))
                .flatMap(BrowserSession::signedIn)
                .map(SignedIn::id);
    }

    Optional<Caller> caller(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        Optional<SignedIn> found = session == null ? Optional.empty() : signedIn(session);
        if (session == null || found.isEmpty()) {
            return Optional.empty();
        }
        SignedIn signedIn = found.get();
        Optional<Caller> caller = sessions.isOpenAndSeen(signedIn.id()) ? caller(signedIn) : Optional.empty();
        if (caller.isEmpty()) {
            session.invalidate();
        } else {
            Standing.set(request, new OfSession(signedIn));
        }
        return caller;
    }

    private final class OfSession implements Standing.Look {
        private final SignedIn signedIn;

        OfSession(SignedIn signedIn) {
            this.signedIn = signedIn;
        }

        @Override
        public Optional<Caller> now() {
            return sessions.isOpen(signedIn.id()) ? caller(signedIn) : Optional.empty();
        }

        @Override
        public Optional<Caller> holder() {
            return sessions.isEnded(signedIn.id()) ? Optional.empty() : found(signedIn);
        }

        @Override
        public void used() {
            var _ = sessions.isOpenAndSeen(signedIn.id());
        }
    }

    private Optional<Caller> caller(SignedIn signedIn) {
        return clock.instant().isBefore(signedIn.at().plus(LONGEST)) ? found(signedIn) : Optional.empty();
    }

    private Optional<Caller> found(SignedIn signedIn) {
        boolean isFresh = clock.instant().isBefore(signedIn.provedAt().plus(Proof.FRESH));
        return credentials.bySession(
                signedIn.userId(), signedIn.credentialsVersion(), new Proof(signedIn.secondFactor(), isFresh));
    }

    private static Optional<SignedIn> signedIn(HttpSession session) {
        return session.getAttribute(ATTRIBUTE) instanceof SignedIn signedIn ? Optional.of(signedIn) : Optional.empty();
    }
}
