// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.AccessRules;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.jspecify.annotations.Nullable;

/** One key's login over one connection, and the platform's word on it. */
final class Login {
    /** Where a connection keeps the login whose signature is checked or was accepted. */
    static final AttributeKey<Login> KEY = new AttributeKey<>();

    /** A ticket nearer to its end might expire on its way to the agent. */
    private static final Duration LEAST_LIFE = Duration.ofSeconds(10);

    private final LoginDesk desk;
    private final Clock clock;
    private final LoginRequest request;
    private final Decision first;
    private @Nullable Decision unused;
    private Decision newest;

    private Login(LoginDesk desk, Clock clock, LoginRequest request, Decision first) {
        this.desk = desk;
        this.clock = clock;
        this.request = request;
        this.first = first;
        this.unused = first;
        this.newest = first;
    }

    static Login ask(LoginDesk desk, Clock clock, LoginRequest request) throws PlatformSilentException {
        return new Login(desk, clock, request, desk.decide(request));
    }

    LoginRequest request() {
        return request;
    }

    /** What may be done; nothing is said about who opens nothing. */
    AccessRules rules() {
        return switch (first) {
            case Decision.Admitted admitted -> admitted.rules();
            case Decision.Lobby lobby -> lobby.rules();
            case Decision.SecondFactor second -> second.rules();
            default -> AccessRules.EVERYTHING;
        };
    }

    /** Whose resources it uses; empty for who opens nothing. */
    String tenant() {
        return switch (first) {
            case Decision.Admitted admitted -> admitted.tenant().value();
            case Decision.Lobby lobby -> lobby.tenant().value();
            case Decision.SecondFactor second -> second.tenant().value();
            default -> "";
        };
    }

    /** For a log; a certificate's is that of the whole certificate. */
    String fingerprint() {
        try {
            byte[] blob = Base64.getDecoder().decode(request.publicKey().split(" ", 2)[1]);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The platform has looked at the source and the time already; what it may have overlooked does not pass here. */
    @Nullable
    String refusal(AccessRules rules, boolean isSecurityKey) {
        if (rules.hasExpired(clock.instant())) {
            return "KEY_EXPIRED";
        }
        if (!rules.allowsFrom(InetAddress.ofLiteral(request.sourceAddress()))) {
            return "SOURCE_NOT_ALLOWED";
        }
        return rules.pin() && !isSecurityKey ? "VERIFY_REQUIRED" : null;
    }

    /** What was said when the key was first offered; it stands for the rest of the authentication. */
    Decision first() {
        return first;
    }

    /** The word for one channel: the first one while it is fresh, and a new one for each channel opened later. */
    synchronized Decision forChannel() throws PlatformSilentException {
        Decision kept = unused;
        unused = null;
        return kept != null && isFresh(kept) ? kept : desk.decide(request);
    }

    /** The word for a forward: the newest one serves for all as long as it is fresh, since a page behind ssh -D takes dozens. */
    synchronized Decision forForward() throws PlatformSilentException {
        if (!isFresh(newest)) {
            newest = desk.decide(request);
        }
        return newest;
    }

    /** The word for a channel whose container was found stopped, though the last word was that it runs. */
    Decision anew() throws PlatformSilentException {
        return desk.decide(request);
    }

    /** The word for a channel once its container has been woken. */
    Decision wake(boolean interactive) throws PlatformSilentException {
        Decision woken = desk.wake(request, interactive);
        synchronized (this) {
            newest = woken;
        }
        return woken;
    }

    private boolean isFresh(Decision decision) {
        return !(decision instanceof Decision.Admitted admitted)
                || clock.instant().plus(LEAST_LIFE).isBefore(admitted.ticketExpiresAt());
    }
}
