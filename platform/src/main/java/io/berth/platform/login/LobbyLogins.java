// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.security.LobbyTokens;
import io.berth.platform.sshkey.KeyProof;
import io.berth.platform.sshkey.PublicKey;
import io.berth.platform.sshkey.UserCertificate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table of logins to the lobby. Each is made from a client's own signature over the lobby's name, which is good once: so a gateway
 * that was taken over acts for nobody who does not log in to the lobby meanwhile.
 */
@Component
class LobbyLogins implements LobbyTokens {
    /** However busy, as a browser's session. */
    private static final Duration LONGEST = Duration.ofHours(12);

    private static final int RANDOM_BYTES = 32;
    private static final int MOST_CHARACTERS = 128;

    /** Everything that would refuse a new login ends an old one, too; idle for an hour, it is over. */
    private static final String CALLER = """
            with used as (
                update lobby_logins set last_used_at = now()
                where token_hash = :hash and last_used_at < now() - interval '1 minute'
                  and last_used_at > now() - interval '1 hour')
            select u.id, u.name, u.operator_role, l.tenant_id
            from lobby_logins l join users u on u.id = l.user_id join tenants t on t.id = l.tenant_id
            left join ssh_keys k on k.id = l.key_id
            left join ssh_certificates s on s.id = l.certificate_id
            where l.token_hash = :hash and l.ended_at is null and l.ends_at > now()
              and l.last_used_at > now() - interval '1 hour'
              and not exists (select from held_tenants h where h.tenant_id = t.id)
              and (k.expires_at is null or k.expires_at > now()) and k.forced_command is null
              and s.revoked_at is null and (s.valid_before is null or s.valid_before > now())
              and (u.operator or exists (
                  select from memberships m where m.user_id = u.id and m.tenant_id = l.tenant_id))
            """;

    private final JdbcClient jdbc;
    private final Logins logins;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    LobbyLogins(JdbcClient jdbc, Logins logins, Clock clock) {
        this.jdbc = jdbc;
        this.logins = logins;
        this.clock = clock;
    }

    /** @param token the secret, known to nobody else */
    record LobbyLogin(UUID id, String token, String tenant, String person, Instant endsAt) {
        @Override
        public String toString() {
            return "LobbyLogin[" + id + "]";
        }
    }

    /** @throws ProblemException when the login opens no lobby, or the proof is none, or was used before */
    LobbyLogin begin(Attempt attempt, KeyProof proof) {
        String userName = attempt.userName();
        String publicKey = attempt.publicKey();
        Logins.Judgement judgement = logins.judgement(attempt);
        Shown shown = judgement.shown();
        if (shown == null || !opensLobby(judgement.decision())) {
            throw refused("this login opens no lobby");
        }
        if (!proof.proves(userName, publicKey, signer(shown, publicKey), shown.rules())) {
            throw refused("the client has not signed that it wants in there");
        }
        return insert(shown, attempt.sourceAddress(), proof);
    }

    private static boolean opensLobby(LoginDecision decision) {
        return decision.decision() == LoginDecision.Decision.LOBBY
                || (decision.decision() == LoginDecision.Decision.NO_SUCH_CONTAINER && decision.tenant() != null);
    }

    private static PublicKey signer(Shown shown, String publicKey) {
        UserCertificate certificate = shown.certificate();
        return certificate == null ? PublicKey.parse(publicKey) : certificate.key();
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ProblemKind.FORBIDDEN, detail);
    }

    private LobbyLogin insert(Shown shown, String sourceAddress, KeyProof proof) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        UUID id = UuidCreator.getTimeOrderedEpoch();
        Instant endsAt = clock.instant().plus(LONGEST);
        try {
            String person = jdbc.sql("""
                            insert into lobby_logins (id, session_hash, token_hash, tenant_id, user_id, key_id,
                                certificate_id, source, ends_at)
                            values (:id, :session, :token, :tenant, :user, :key, :certificate, :source, :ends)
                            returning (select name from users where id = user_id)
                            """)
                    .param("id", id)
                    .param("session", proof.sessionHash())
                    .param("token", hash(secret))
                    .param("tenant", shown.tenantId())
                    .param("user", shown.person())
                    .param("key", shown.certificate() == null ? shown.row() : null)
                    .param("certificate", shown.certificate() == null ? null : shown.row())
                    .param("source", sourceAddress)
                    .param("ends", endsAt.atOffset(ZoneOffset.UTC))
                    .query(String.class)
                    .single();
            return new LobbyLogin(id, secret, shown.tenant(), person, endsAt);
        } catch (DuplicateKeyException e) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "this login has been to the lobby before; log in anew by ssh");
        }
    }

    void end(UUID id) {
        jdbc.sql("update lobby_logins set ended_at = coalesce(ended_at, now()) where id = :id")
                .param("id", id)
                .update();
    }

    @Override
    public Optional<Caller> caller(String token) {
        if (token.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        return jdbc.sql(CALLER)
                .param("hash", hash(token))
                .query(Persons::caller)
                .optional();
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
