// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.platform.account.CodeChecks;
import io.berth.platform.factor.SecondFactors;
import io.berth.platform.login.LoginDecision.Decision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Where a tenant demands a code beside a key: what a right one is worth. The code is that of the person who answers for the key, and
 * what is given for it holds for that key and that person for half a day, for the channels of one connection.
 */
@Component
class ShownCodes {
    private static final Duration LIFE = Duration.ofHours(12);
    private static final int RANDOM_BYTES = 32;

    private final JdbcClient jdbc;
    private final SecondFactors factors;
    private final CodeChecks checks;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    ShownCodes(JdbcClient jdbc, SecondFactors factors, CodeChecks checks, Clock clock) {
        this.jdbc = jdbc;
        this.factors = factors;
        this.checks = checks;
        this.clock = clock;
    }

    /** The decision, where nothing more is demanded or it was shown; else what is. */
    LoginDecision gated(Shown shown, LoginDecision decision, @Nullable String token) {
        if (!shown.needsCode() || !opens(decision)) {
            return decision;
        }
        UUID person = shown.person();
        if (person == null || !factors.has(person)) {
            return LoginDecision.refused(
                    Decision.NO_SECOND_FACTOR,
                    "tenant '" + shown.tenant() + "' demands a code at each login, and whoever added this key "
                            + (person == null ? "is no member any more" : "has no authenticator")
                            + "; add one to your account in the portal, and your own key to the tenant");
        }
        return token != null && isGood(token, person, shown.row())
                ? decision.withoutStandby()
                : LoginDecision.secondFactor(shown);
    }

    private static boolean opens(LoginDecision decision) {
        return switch (decision.decision()) {
            case ALLOW, LOBBY -> true;
            case NO_SUCH_CONTAINER -> decision.tenant() != null;
            default -> false;
        };
    }

    private boolean isGood(String token, UUID person, UUID row) {
        return jdbc.sql("""
                        select exists (select from ssh_code_tokens
                            where token_hash = :hash and user_id = :person and shown_for = :row and ends_at > :now)
                        """)
                .param("hash", hash(token))
                .param("person", person)
                .param("row", row)
                .param("now", now())
                .query(Boolean.class)
                .single();
    }

    /** @param token null when the code is not taken; then the message says why */
    record CodeAnswer(@Nullable String token, @Nullable String message) {
        @Override
        public String toString() {
            return "CodeAnswer";
        }
    }

    /** What the code is worth, whose login has been found to want one. */
    CodeAnswer answer(UUID person, UUID row, String code, String sourceAddress) {
        String refusal = checks.refusal(person, code, sourceAddress);
        if (refusal != null) {
            return new CodeAnswer(null, refusal);
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        jdbc.sql("""
                        insert into ssh_code_tokens (token_hash, user_id, shown_for, ends_at)
                        values (:hash, :person, :row, :ends)
                        """)
                .param("hash", hash(token))
                .param("person", person)
                .param("row", row)
                .param("ends", now().plus(LIFE))
                .update();
        return new CodeAnswer(token, null);
    }

    private OffsetDateTime now() {
        Instant now = clock.instant();
        return now.atOffset(ZoneOffset.UTC);
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Scheduled(fixedRateString = "PT1H")
    void forgetOld() {
        jdbc.sql("delete from ssh_code_tokens where ends_at < now()").update();
    }
}
