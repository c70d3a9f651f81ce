// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/**
 * What opens a terminal's connection, once, within seconds. It travels in a request's answer and in a connection's first message, and in no
 * URL, which proxies and histories keep.
 */
@Component
class TerminalTickets {
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final int RANDOM_BYTES = 32;

    private final ConcurrentMap<UUID, Kept> newest = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    TerminalTickets(Clock clock) {
        this.clock = clock;
    }

    /** One, as it is handed out. */
    record Ticket(String text, Instant expiresAt) {
        @Override
        public String toString() {
            return "Ticket[" + expiresAt + "]";
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared, never handed out
    private record Kept(byte[] hash, Instant expiresAt) {}

    /** An earlier one of the same terminal is good no longer. */
    Ticket issue(UUID terminal) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant expiresAt = clock.instant().plus(LIFE);
        newest.put(terminal, new Kept(hash(text), expiresAt));
        return new Ticket(text, expiresAt);
    }

    /** Whether it was good; in any case it is not any more. */
    boolean redeem(UUID terminal, String text) {
        Kept kept = newest.remove(terminal);
        return kept != null
                && clock.instant().isBefore(kept.expiresAt())
                && MessageDigest.isEqual(kept.hash(), hash(text));
    }

    void forget(UUID terminal) {
        newest.remove(terminal);
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
