// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An entry's place in the chain. Whoever changes, removes or moves an entry changes the hash of every one after it. */
public record ChainLink(long number, String hash) {
    /** Before the first entry. */
    public static final ChainLink START = new ChainLink(0, "0".repeat(64));

    /** What of an entry is hashed: all its columns. */
    public record Chained(
            UUID id,
            Instant at,
            @Nullable String actor,
            @Nullable UUID tenant,
            String method,
            String path,
            String outcome,
            String content) {}

    /** SHA-256 over the hash before, the number, and each column with its length, as hexadecimal. */
    public ChainLink next(Chained entry) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(HexFormat.of().parseHex(hash));
            for (Object part : Arrays.asList(
                    number + 1,
                    entry.id(),
                    entry.at(),
                    entry.actor(),
                    entry.tenant(),
                    entry.method(),
                    entry.path(),
                    entry.outcome(),
                    entry.content())) {
                byte[] bytes = part == null ? new byte[0] : part.toString().getBytes(StandardCharsets.UTF_8);
                String length = part == null ? "-" : Integer.toString(bytes.length); // nothing is not an empty text
                sha256.update((length + ":").getBytes(StandardCharsets.UTF_8));
                sha256.update(bytes);
            }
            return new ChainLink(number + 1, HexFormat.of().formatHex(sha256.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
