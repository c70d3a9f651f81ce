// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.problem.ProblemException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Hashes and compares passwords by Argon2id; the algorithm stands before each hash, so that it can change. */
@Component
class Passwords {
    static final int FEWEST_CHARACTERS = 12;
    static final int MOST_CHARACTERS = 256;

    // OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;

    private final PasswordEncoder encoder = new DelegatingPasswordEncoder(
            "argon2", Map.of("argon2", new Argon2PasswordEncoder(16, 32, 1, MEMORY_KIB, PASSES)));
    // Each hash takes 19 MiB: a crowd of sign-ins waits its turn and takes no more than this many
    private final Semaphore turns =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()), true);
    private final String nobodys = hash("no account has this password");

    /** @throws ProblemException when it is too short or too long */
    String accepted(String password) {
        if (password.length() < FEWEST_CHARACTERS || password.length() > MOST_CHARACTERS) {
            throw ProblemException.field(
                    "password", "password: use " + FEWEST_CHARACTERS + " to " + MOST_CHARACTERS + " characters");
        }
        return hash(password);
    }

    private String hash(String password) {
        turns.acquireUninterruptibly();
        try {
            return String.valueOf(encoder.encode(password));
        } finally {
            turns.release();
        }
    }

    /** Takes as long for an account that does not exist (null): time tells no names. */
    boolean matches(String password, @Nullable String hash) {
        if (password.length() > MOST_CHARACTERS) {
            return false;
        }
        turns.acquireUninterruptibly();
        try {
            return encoder.matches(password, hash == null ? nobodys : hash) && hash != null;
        } finally {
            turns.release();
        }
    }
}
