// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.signing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts what has to be read again, by AES-256-GCM with a key that is no part of the database: who has a copy of that alone has no
 * secret. What was encrypted for one owner opens for no other.
 */
public final class KeyBox {
    /** The first byte, so that another form can follow. */
    private static final byte FORM = 1;

    private static final int NONCE_BYTES = 12; // NIST SP 800-38D, 8.2.2: random ones have 96 bits
    private static final int TAG_BITS = 128;

    private final String name;
    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    /** With {@code NAME.key}, which is made where there is none. */
    public KeyBox(Path directory, String name) {
        this.name = name;
        this.key = SecretKeyFile.load(directory, name);
    }

    public byte[] sealed(UUID owner, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, owner, nonce).doFinal(secret);
            return ByteBuffer.allocate(1 + nonce.length + text.length)
                    .put(FORM)
                    .put(nonce)
                    .put(text)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES/GCM", e);
        }
    }

    /** @throws IllegalStateException when it was sealed with another key, for another owner, or changed since */
    public byte[] opened(UUID owner, byte[] sealed) {
        if (sealed.length <= 1 + NONCE_BYTES || sealed[0] != FORM) {
            throw new IllegalStateException("a sealed secret of " + owner + " has an unknown form");
        }
        ByteBuffer parts = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
        byte[] nonce = new byte[NONCE_BYTES];
        parts.get(nonce);
        byte[] text = new byte[parts.remaining()];
        parts.get(text);
        try {
            return cipher(Cipher.DECRYPT_MODE, owner, nonce).doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "a secret of " + owner + " does not open with " + name
                            + ".key: bring back the key that belongs to this database",
                    e);
        }
    }

    private Cipher cipher(int mode, UUID owner, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.toString().getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }
}
