// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** For whoever has lost the second factor: ten codes, each good once, kept as hashes. */
@Component
class RecoveryCodes {
    private static final int CODES = 10;
    private static final int RANDOM_BYTES = 10; // 16 characters of base 32
    private static final int GROUP = 4;

    private final JdbcClient jdbc;
    private final SecureRandom random = new SecureRandom();

    RecoveryCodes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Fresh ones; those from before are void. */
    List<String> replace(UUID userId) {
        clear(userId);
        List<String> codes = IntStream.range(0, CODES).mapToObj(each -> fresh()).toList();
        for (String code : codes) {
            jdbc.sql("insert into recovery_codes (user_id, hash) values (:user, :hash)")
                    .param("user", userId)
                    .param("hash", hash(code))
                    .update();
        }
        return codes;
    }

    private String fresh() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base32.of(bytes).toLowerCase(Locale.ROOT).replaceAll("(.{" + GROUP + "})(?=.)", "$1-");
    }

    /** Whether the code is one of the account's; it is used up then. */
    boolean take(UUID userId, String code) {
        return jdbc.sql("""
                        update recovery_codes set used_at = now()
                        where user_id = :user and hash = :hash and used_at is null
                        """).param("user", userId).param("hash", hash(code)).update() == 1;
    }

    int left(UUID userId) {
        return jdbc.sql("select count(*) from recovery_codes where user_id = :user and used_at is null")
                .param("user", userId)
                .query(Integer.class)
                .single();
    }

    void clear(UUID userId) {
        jdbc.sql("delete from recovery_codes where user_id = :user")
                .param("user", userId)
                .update();
    }

    /** As it was shown, whatever spaces, dashes and capitals it was typed with. */
    private static byte[] hash(String code) {
        String plain = code.toLowerCase(Locale.ROOT).replaceAll("[\\s-]", "");
        try {
            return MessageDigest.getInstance("SHA-256").digest(plain.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
