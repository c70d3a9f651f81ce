// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.factor.SecondFactors;
import io.berth.platform.security.BrowserSessions;
import io.berth.platform.security.Caller;
import io.berth.platform.trail.Trail;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of recovery links: hashes only, each good once and not for long. */
@Component
class Recoveries {
    /** Long enough to be handed on the same day, by telephone or in person. */
    private static final Duration LIFE = Duration.ofHours(24);

    private static final int RANDOM_BYTES = 32;
    private static final String PREFIX = "berthrecovery_";

    private final JdbcClient jdbc;
    private final Users users;
    private final SecondFactors factors;
    private final BrowserSessions sessions;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Recoveries(JdbcClient jdbc, Users users, SecondFactors factors, BrowserSessions sessions, Clock clock) {
        this.jdbc = jdbc;
        this.users = users;
        this.factors = factors;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Of whom a link was, and what else it forgot. */
    record Recovered(String user, boolean secondFactors) {}

    /** The link before it, if there was one, is void. */
    RecoveryLink issue(Caller by, User user, boolean clearsSecondFactors) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant expiresAt = clock.instant().plus(LIFE).truncatedTo(ChronoUnit.MILLIS);
        jdbc.sql("""
                        insert into recovery_links (user_id, hash, clears_second_factors, issued_by, expires_at)
                        values (:user, :hash, :clears, :by, :expires)
                        on conflict (user_id) do update set hash = excluded.hash, issued_by = excluded.issued_by,
                            clears_second_factors = excluded.clears_second_factors, expires_at = excluded.expires_at
                        """)
                .param("user", user.id())
                .param("hash", hash(token))
                .param("clears", clearsSecondFactors)
                .param("by", by.userId())
                .param("expires", expiresAt.atOffset(ZoneOffset.UTC))
                .update();
        return new RecoveryLink(token, "/sign-in#recovery=" + token, expiresAt);
    }

    boolean isGood(String token) {
        return jdbc.sql("select count(*) from recovery_links where hash = :hash and expires_at > :now")
                        .param("hash", hash(token))
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** Uses the link up; every session of the account ends. Empty when it is unknown, used or too old. */
    @Transactional
    public Optional<Recovered> recover(String token, String passwordHash) {
        record Link(UUID user, boolean clears) {}
        Optional<Link> link = jdbc.sql("""
                        delete from recovery_links where hash = :hash and expires_at > :now
                        returning user_id, clears_second_factors
                        """)
                .param("hash", hash(token))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query((row, number) -> new Link(row.getObject(1, UUID.class), row.getBoolean(2)))
                .optional();
        return link.map(it -> {
            users.setPassword(it.user(), passwordHash);
            sessions.endAll(it.user(), null);
            if (it.clears()) {
                factors.clear(it.user());
            }
            Recovered recovered = new Recovered(users.name(it.user()), it.clears());
            Trail.after(recovered);
            return recovered;
        });
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
