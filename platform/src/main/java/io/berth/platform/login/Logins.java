// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.access.AccessRules;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import io.berth.core.ticket.Ticket;
import io.berth.core.ticket.TicketSigner;
import io.berth.platform.login.LoginDecision.Decision;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.sshkey.UnfitKeyException;
import io.berth.platform.sshkey.UserCertificate;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Decides about logins. Who has no known key learns nothing, not even whether a name is well-formed. */
@Component
class Logins {
    private static final Duration TICKET_LIFE = Duration.ofSeconds(60);
    private static final String UNKNOWN_KEY =
            "this key is not known here; add it to a tenant in the portal, or choose another by ssh -i";

    private static final String NO_ENTRY = "this key does not open that here; choose another by ssh -i";

    private final ShownKeys keys;
    private final ShownCodes codes;
    private final TicketSigner signer;
    private final Duration standby;
    private final Clock clock;

    Logins(ShownKeys keys, ShownCodes codes, TicketSigner signer, PlatformSettings settings, Clock clock) {
        this.keys = keys;
        this.codes = codes;
        this.signer = signer;
        this.standby = settings.sshStandby();
        this.clock = clock;
    }

    /** @param shown null for a stranger's key and for a name that is none */
    record Judgement(@Nullable Shown shown, LoginDecision decision) {}

    LoginDecision decide(Attempt attempt) {
        return judgement(attempt).decision();
    }

    /** The same when nobody logs in: the gateway renews what it keeps for when this platform is silent. */
    LoginDecision renew(Attempt attempt) {
        return judgement(attempt, false).decision();
    }

    Judgement judgement(Attempt attempt) {
        return judgement(attempt, true);
    }

    private Judgement judgement(Attempt attempt, boolean isUse) {
        try {
            Judgement judged = judged(attempt.userName(), attempt.publicKey(), attempt.sourceAddress(), isUse);
            Shown shown = judged.shown();
            return shown == null
                    ? judged
                    : new Judgement(shown, codes.gated(shown, judged.decision(), attempt.secondFactor()));
        } catch (UnfitKeyException e) {
            return UserCertificate.isOne(attempt.publicKey())
                    ? refused(Decision.BAD_CERTIFICATE, NO_ENTRY)
                    : refused(Decision.UNKNOWN_KEY, UNKNOWN_KEY);
        }
    }

    private static Judgement refused(Decision why, String message) {
        return new Judgement(null, LoginDecision.refused(why, message));
    }

    private Judgement judged(String userName, String publicKey, String sourceAddress, boolean isUse) {
        LoginName name;
        try {
            name = LoginName.parse(userName);
        } catch (InvalidSpecException e) {
            return keys.find(publicKey, "", isUse).isPresent()
                    ? new Judgement(null, badName(userName))
                    : refused(Decision.UNKNOWN_KEY, UNKNOWN_KEY);
        }
        return keys.find(publicKey, name.container().value(), isUse)
                .map(shown ->
                        new Judgement(shown, refusal(shown, name, sourceAddress).orElseGet(() -> judge(shown, name))))
                .orElseGet(() -> refused(Decision.UNKNOWN_KEY, UNKNOWN_KEY));
    }

    /** Why the key or certificate opens nothing, not now, not from there, or not for that name. */
    private Optional<LoginDecision> refusal(Shown shown, LoginName name, String sourceAddress) {
        Instant now = clock.instant();
        UserCertificate certificate = shown.certificate();
        Decision why = null;
        if (shown.rules().hasExpired(now)) {
            why = Decision.KEY_EXPIRED;
        } else if (!isAllowed(shown.rules(), sourceAddress)) {
            why = Decision.SOURCE_NOT_ALLOWED;
        } else if (certificate != null && shown.isRevoked()) {
            why = Decision.CERTIFICATE_REVOKED;
        } else if (certificate != null && !certificate.isValidAt(now)) {
            why = Decision.CERTIFICATE_EXPIRED;
        } else if (certificate != null
                && !certificate.covers(name.guestUser(), name.container(), new TenantName(shown.tenant()))) {
            why = Decision.PRINCIPAL_NOT_ALLOWED;
        }
        return Optional.ofNullable(why).map(decision -> LoginDecision.refused(decision, NO_ENTRY));
    }

    private static boolean isAllowed(AccessRules rules, String sourceAddress) {
        try {
            return rules.allowsFrom(InetAddress.ofLiteral(sourceAddress));
        } catch (IllegalArgumentException e) {
            return rules.from().list().isEmpty();
        }
    }

    private static LoginDecision badName(String userName) {
        String shown = printable(userName);
        return LoginDecision.refused(
                Decision.BAD_NAME,
                "'" + shown
                        + "' is no login name; use CONTAINER, USER+CONTAINER or CONTAINER.TENANT, such as ssh web@HOST, or lobby");
    }

    /** It is shown on a terminal: nothing that moves a cursor passes. */
    private static String printable(String text) {
        String clean = text.codePoints()
                .map(point -> point > 0x20 && point < 0x7f ? point : '?')
                .limit(80)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.length() < text.length() ? clean + "…" : clean;
    }

    private LoginDecision judge(Shown found, LoginName name) {
        UUID container = found.container();
        if (!found.isActive()) {
            return LoginDecision.refused(Decision.SUSPENDED, "this account is suspended; ask the platform's operator");
        }
        if (name.tenant() != null && !name.tenant().value().equals(found.tenant())) {
            return LoginDecision.refused(
                    Decision.NO_SUCH_CONTAINER,
                    "your key belongs to tenant '" + found.tenant() + "', not to '" + name.tenant() + "'; log in as "
                            + name.container() + ", or with another key by ssh -i");
        }
        if (name.isLobby()) {
            return lobby(found);
        }
        if (container == null) {
            String message = noSuchContainer(found, name);
            return name.isBare() && opensLobby(found)
                    ? LoginDecision.lobby(Decision.NO_SUCH_CONTAINER, message, found)
                    : LoginDecision.refused(Decision.NO_SUCH_CONTAINER, message);
        }
        if (!found.isMade()) {
            return LoginDecision.refused(
                    Decision.NO_SUCH_CONTAINER,
                    "container '" + name.container() + "' is still being made; try again in a moment");
        }
        if (found.quarantine() != null) {
            return LoginDecision.refused(
                    Decision.QUARANTINED,
                    "container '" + name.container() + "' is in quarantine: " + found.quarantine()
                            + "; contact the platform's operator");
        }
        return allowed(found, container, name);
    }

    private static LoginDecision lobby(Shown found) {
        if (found.rules().forcedCommand() != null) {
            return LoginDecision.refused(
                    Decision.LOBBY_NOT_ALLOWED,
                    "this key runs one command in a container and opens no lobby; choose another by ssh -i");
        }
        UserCertificate certificate = found.certificate();
        if (certificate != null && certificate.isTenants()) {
            return LoginDecision.refused(
                    Decision.LOBBY_NOT_ALLOWED,
                    "a certificate of a tenant's own CA opens containers and no lobby; use a key, or a certificate of the "
                            + "platform's");
        }
        if (found.person() == null) {
            return LoginDecision.refused(
                    Decision.LOBBY_NOT_ALLOWED,
                    "whoever added this key has left tenant '" + found.tenant()
                            + "', so nobody answers for what it does in the lobby; have a member add it anew");
        }
        return LoginDecision.lobby(Decision.LOBBY, null, found);
    }

    /** As where it is asked for by its own name, so that no name of a container that there is not leads further. */
    private static boolean opensLobby(Shown found) {
        UserCertificate certificate = found.certificate();
        return lobby(found).decision() == Decision.LOBBY
                && (certificate == null
                        || certificate.covers(
                                LoginName.LOBBY.guestUser(),
                                LoginName.LOBBY.container(),
                                new TenantName(found.tenant())));
    }

    private static String noSuchContainer(Shown found, LoginName name) {
        return "tenant '" + found.tenant() + "' has no container '" + name.container() + "'; "
                + (found.names() == null ? "make one in the portal first" : "it has: " + found.names());
    }

    private LoginDecision allowed(Shown shown, UUID container, LoginName name) {
        Set<Ticket.Grant> grants = grants(shown.rules());
        Instant expiresAt = clock.instant().plus(TICKET_LIFE).truncatedTo(ChronoUnit.MILLIS);
        Instant standbyExpiresAt =
                standby.isZero() ? null : clock.instant().plus(standby).truncatedTo(ChronoUnit.MILLIS);
        return new LoginDecision(
                Decision.ALLOW,
                null,
                shown.tenant(),
                container.toString(),
                name.container().value(),
                name.guestUser().value(),
                signed(shown, container, name, grants, expiresAt),
                expiresAt,
                standbyExpiresAt == null
                        ? null
                        : signed(shown, container, name, with(grants, Ticket.Grant.STANDBY), standbyExpiresAt),
                standbyExpiresAt,
                shown.rules(),
                shown.stopped(),
                shown.policy());
    }

    private String signed(Shown shown, UUID container, LoginName name, Set<Ticket.Grant> grants, Instant expiresAt) {
        return signer.sign(new Ticket(
                new TenantName(shown.tenant()),
                new ContainerId(container),
                name.guestUser(),
                grants,
                shown.subject(),
                expiresAt));
    }

    private static Set<Ticket.Grant> with(Set<Ticket.Grant> grants, Ticket.Grant more) {
        EnumSet<Ticket.Grant> all = EnumSet.of(more);
        all.addAll(grants);
        return all;
    }

    /** The agent holds to these, whatever becomes of the gateway. */
    private static Set<Ticket.Grant> grants(AccessRules rules) {
        EnumSet<Ticket.Grant> grants = EnumSet.of(Ticket.Grant.EXEC);
        if (rules.pty()) {
            grants.add(Ticket.Grant.PTY);
        }
        if (rules.forcedCommand() == null) {
            grants.addAll(Set.of(Ticket.Grant.SHELL, Ticket.Grant.SFTP));
        }
        if (rules.forwarding().ports()) {
            grants.add(Ticket.Grant.CONNECT);
        }
        if (rules.forwarding().ports()
                || rules.forwarding().agent()
                || rules.forwarding().x11()) {
            grants.add(Ticket.Grant.LISTEN);
        }
        return grants;
    }
}
