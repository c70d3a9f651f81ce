// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.factor;

import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.signing.SecretKeyFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.springframework.stereotype.Component;

/**
 * Encrypts what has to be read again, by AES-256-GCM with a key that is no part of the database: who has a copy of that alone has no
 * secret. What was encrypted for one account opens for no other.
 */
@Component
class SecretBox {
    /** The first byte, so that another form can follow. */
    private static final byte FORM = 1;

    private static final int NONCE_BYTES = 12; // NIST SP 800-38D, 8.2.2: random ones have 96 bits
    private static final int TAG_BITS = 128;

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    SecretBox(PlatformSettings settings) {
        this.key = SecretKeyFile.load(settings.platformDir(), "second-factor");
    }

    byte[] sealed(UUID userId, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, userId, nonce).doFinal(secret);
            return ByteBuffer.allocate(1 + nonce.length + text.length)
                    .put(FORM)
                    .put(nonce)
                    .put(text)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES/GCM", e);
        }
    }

    /** @throws IllegalStateException when it was sealed with another key, for another account, or changed since */
    byte[] opened(UUID userId, byte[] sealed) {
        if (sealed.length <= 1 + NONCE_BYTES || sealed[0] != FORM) {
            throw new IllegalStateException("a sealed secret of account " + userId + " has an unknown form");
        }
        ByteBuffer parts = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
        byte[] nonce = new byte[NONCE_BYTES];
        parts.get(nonce);
        byte[] text = new byte[parts.remaining()];
        parts.get(text);
        try {
            return cipher(Cipher.DECRYPT_MODE, userId, nonce).doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the second factor of account " + userId
                            + " does not open with second-factor.key: bring back the key that belongs to this database",
                    e);
        }
    }

    private Cipher cipher(int mode, UUID userId, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(userId.toString().getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }
}
