// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Time-based one-time passwords, RFC 6238 over RFC 4226, in the form that every authenticator knows: SHA-1, 6 digits, 30 seconds. */
final class TotpCode {
    /** RFC 4226, section 4, R6 recommends 160 bits. */
    static final int SECRET_BYTES = 20;

    static final int DIGITS = 6;
    static final int STEP_SECONDS = 30;

    /** One step to either side, RFC 6238, section 5.2: for clocks that differ, and people who type. */
    private static final int WINDOW = 1;

    private static final int MODULUS = 1_000_000;

    private TotpCode() {}

    static long step(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), STEP_SECONDS);
    }

    /** RFC 4226, section 5.3. */
    static String at(byte[] secret, long step) {
        byte[] hash = hmac(secret, ByteBuffer.allocate(Long.BYTES).putLong(step).array());
        int offset = hash[hash.length - 1] & 0xf;
        int binary = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & 0x7fffffff;
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", binary % MODULUS);
    }

    /** The step that the code belongs to; empty for a wrong one. Takes the same time for each. */
    static OptionalLong stepOf(byte[] secret, String code, Instant now) {
        byte[] typed = code.getBytes(StandardCharsets.UTF_8);
        return LongStream.rangeClosed(step(now) - WINDOW, step(now) + WINDOW)
                .filter(step -> MessageDigest.isEqual(at(secret, step).getBytes(StandardCharsets.UTF_8), typed))
                .reduce((older, newer) -> newer);
    }

    private static byte[] hmac(byte[] secret, byte[] counter) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            return mac.doFinal(counter);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA1", e);
        }
    }
}
