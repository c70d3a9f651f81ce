// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.Proof;
import io.berth.platform.security.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of API tokens: hashes only, the secret is shown once. */
@Component
class Tokens {
    private static final String PREFIX = "berth_";
    private static final int RANDOM_BYTES = 32;
    private static final int SHOWN_CHARACTERS = 12;
    private static final int MOST_CHARACTERS = 128;

    private final JdbcClient jdbc;
    private final SecureRandom random = new SecureRandom();

    Tokens(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Wish(
            String name,
            Set<Scope> scopes,
            @Nullable UUID tenantId,
            @Nullable Instant expiresAt) {}

    Token create(UUID userId, Wish wish) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        UUID id = UuidCreator.getTimeOrderedEpoch();
        jdbc.sql("""
                        insert into api_tokens (id, user_id, tenant_id, name, prefix, hash, scopes, expires_at)
                        values (:id, :user, :tenant, :name, :prefix, :hash, :scopes, :expires)
                        """)
                .param("id", id)
                .param("user", userId)
                .param("tenant", wish.tenantId())
                .param("name", wish.name())
                .param("prefix", secret.substring(0, SHOWN_CHARACTERS))
                .param("hash", hash(secret))
                .param("scopes", wish.scopes().stream().map(Scope::name).toArray(String[]::new))
                .param(
                        "expires",
                        wish.expiresAt() == null ? null : wish.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
        return list(userId, id).getFirst().withSecret(secret);
    }

    List<Token> list(UUID userId, @Nullable UUID only) {
        return jdbc.sql("""
                        select k.*, t.name as tenant from api_tokens k left join tenants t on t.id = k.tenant_id
                        where k.user_id = :user and (cast(:only as uuid) is null or k.id = :only)
                        order by k.id desc limit 1000
                        """)
                .param("user", userId)
                .param("only", only)
                .query(Tokens::token)
                .list();
    }

    @Transactional
    void revoke(UUID userId, UUID id) {
        int rows = jdbc.sql("""
                        update api_tokens set revoked_at = coalesce(revoked_at, now()) where id = :id and user_id = :user
                        """).param("id", id).param("user", userId).update();
        if (rows == 0) {
            throw ProblemException.notFound("token", id.toString());
        }
    }

    /** Looks the token up and notes its use, at most once a minute: a busy token is no busy row. */
    Optional<Caller> caller(String secret) {
        if (!secret.startsWith(PREFIX) || secret.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        return jdbc.sql("""
                        with used as (
                            update api_tokens set last_used_at = now()
                            where hash = :hash and (last_used_at is null or last_used_at < now() - interval '1 minute'))
                        select u.id, u.name, u.operator_role, k.scopes, k.tenant_id
                        from api_tokens k join users u on u.id = k.user_id
                        where k.hash = :hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
                        """).param("hash", hash(secret)).query(Tokens::caller).optional();
    }

    private static Caller caller(ResultSet row, int number) throws SQLException {
        return new Caller(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Users.role(row),
                Caller.Kind.TOKEN,
                EnumSet.copyOf(scopes(row)),
                row.getObject("tenant_id", UUID.class),
                Proof.OF_TOKEN);
    }

    private static Token token(ResultSet row, int number) throws SQLException {
        return new Token(
                row.getObject("id", UUID.class),
                row.getString("name"),
                null,
                row.getString("prefix"),
                scopes(row),
                row.getString("tenant"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                instant(row, "last_used_at"),
                instant(row, "revoked_at"));
    }

    private static List<Scope> scopes(ResultSet row) throws SQLException {
        return Arrays.stream((String[]) row.getArray("scopes").getArray())
                .map(Scope::valueOf)
                .toList();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
