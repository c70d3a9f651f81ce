// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of authenticators' secrets, one an account. */
@Component
class Totps {
    private final JdbcClient jdbc;
    private final SecretBox box;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Totps(JdbcClient jdbc, SecretBox box, Clock clock) {
        this.jdbc = jdbc;
        this.box = box;
        this.clock = clock;
    }

    /** When it was confirmed; empty for an account without one. */
    Optional<Instant> confirmedAt(UUID userId) {
        return jdbc.sql("select confirmed_at from totp_secrets where user_id = :user and confirmed_at is not null")
                .param("user", userId)
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /** A fresh secret, which counts from its confirmation on; one that nobody confirmed is forgotten for it. */
    byte[] begin(UUID userId) {
        byte[] secret = new byte[TotpCode.SECRET_BYTES];
        random.nextBytes(secret);
        int rows = jdbc.sql("""
                        insert into totp_secrets as t (user_id, secret) values (:user, :secret)
                        on conflict (user_id) do update set secret = excluded.secret, last_step = null, created_at = now()
                        where t.confirmed_at is null
                        """)
                .param("user", userId)
                .param("secret", box.sealed(userId, secret))
                .update();
        if (rows == 0) {
            throw new ProblemException(
                    ProblemKind.CONFLICT, "this account has an authenticator; remove it first, then add the other");
        }
        return secret;
    }

    /** Whether the code is one of the secret that was begun; from then on it counts. */
    boolean confirm(UUID userId, String code) {
        return take(userId, code, "confirmed_at is null");
    }

    /** Whether the code is right; it is taken, and neither it nor an older one is ever right again. */
    boolean take(UUID userId, String code) {
        return take(userId, code, "confirmed_at is not null");
    }

    private boolean take(UUID userId, String code, String state) {
        Optional<byte[]> sealed = jdbc.sql("select secret from totp_secrets where user_id = :user and " + state)
                .param("user", userId)
                .query(byte[].class)
                .optional();
        if (sealed.isEmpty()) {
            return false;
        }
        OptionalLong step = TotpCode.stepOf(box.opened(userId, sealed.get()), code, clock.instant());
        return step.isPresent()
                && jdbc.sql("""
                                update totp_secrets
                                set last_step = :step, confirmed_at = coalesce(confirmed_at, now())
                                where user_id = :user and secret = :secret and (last_step is null or last_step < :step) and
                                """ + state)
                                .param("step", step.getAsLong())
                                .param("user", userId)
                                .param("secret", sealed.get())
                                .update()
                        == 1;
    }

    boolean remove(UUID userId) {
        return jdbc.sql("delete from totp_secrets where user_id = :user")
                        .param("user", userId)
                        .update()
                == 1;
    }
}
