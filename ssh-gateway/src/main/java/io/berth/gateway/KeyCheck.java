// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import io.berth.gateway.text.Printable;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.time.Clock;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a key may log in, by the platform's word. MINA asks twice per login, for the key's offer and for its signature, and
 * verifies the signature itself after the second yes, always (CVE-2026-77185 concerns asynchronous authenticators; this is
 * none). It runs on a virtual thread, so that a slow platform delays this connection only.
 */
final class KeyCheck implements PublickeyAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(KeyCheck.class);

    private final LoginDesk desk;
    private final Clock clock;
    private final int maxAuthTries;
    private final Watch watch;

    KeyCheck(LoginDesk desk, Clock clock, int maxAuthTries, Watch watch) {
        this.desk = desk;
        this.clock = clock;
        this.maxAuthTries = maxAuthTries;
        this.watch = watch;
    }

    @Override
    public boolean authenticate(String userName, PublicKey key, ServerSession session) {
        var attempts = Attempts.of(session, maxAuthTries);
        session.removeAttribute(Login.KEY); // an earlier offer of another key must not outlive this one
        try {
            return check(session, attempts, userName, key);
        } catch (PlatformSilentException e) {
            LOG.warn("event=platform-silent cause={}", Printable.line(String.valueOf(e.getMessage())));
            Banner banner = userName.equals(LobbyEntry.LOBBY) ? Banner.LOBBY_CLOSED : Banner.TRY_AGAIN;
            return refuse(session, attempts, "PLATFORM_SILENT", userName, key, banner);
        }
    }

    private boolean check(ServerSession session, Attempts attempts, String userName, PublicKey key)
            throws PlatformSilentException {
        var request = new LoginRequest(userName, attempts.offer(), source(session));
        Login login = attempts.login(request);
        if (login == null) {
            login = Login.ask(desk, clock, request);
            attempts.keep(login);
        }
        return switch (login.first()) {
            case Decision.Admitted admitted -> {
                String reason = login.refusal(admitted.rules(), SecurityKeys.isOne(key));
                if (reason != null) {
                    yield refuse(session, attempts, reason, userName, key, Banner.NO_ACCESS);
                }
                session.setAttribute(Login.KEY, login);
                yield true;
            }
            case Decision.Lobby lobby -> {
                String reason = login.refusal(lobby.rules(), SecurityKeys.isOne(key));
                if (reason != null) {
                    yield refuse(session, attempts, reason, userName, key, Banner.NO_ACCESS);
                }
                session.setAttribute(Login.KEY, login);
                yield true;
            }
            case Decision.SecondFactor second -> {
                String reason = login.refusal(second.rules(), SecurityKeys.isOne(key));
                if (reason != null) {
                    yield refuse(session, attempts, reason, userName, key, Banner.NO_ACCESS);
                }
                session.setAttribute(Login.KEY, login);
                yield true;
            }
            case Decision.Nowhere _ -> {
                session.setAttribute(Login.KEY, login);
                yield true;
            }
            case Decision.BadName(String message) ->
                refuse(session, attempts, "BAD_NAME", userName, key, Banner.of(message));
            case Decision.Refused(String reason) -> refuse(session, attempts, reason, userName, key, Banner.NO_ACCESS);
        };
    }

    private boolean refuse(
            ServerSession session, Attempts attempts, String reason, String userName, PublicKey key, Banner banner) {
        LOG.info(
                "event=login-refused reason={} user={} key={} source={}",
                Printable.of(reason),
                Printable.of(userName),
                KeyUtils.getFingerPrint(SecurityKeys.signing(key)),
                source(session));
        watch.note(
                Kind.LOGIN,
                Outcome.REFUSED,
                new Who(null, KeyUtils.getFingerPrint(SecurityKeys.signing(key)), userName, source(session)),
                Where.NOWHERE,
                reason);
        attempts.refuse(session, banner);
        return false;
    }

    static String source(ServerSession session) {
        SocketAddress remote = session.getRemoteAddress();
        return remote instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : String.valueOf(remote);
    }
}
