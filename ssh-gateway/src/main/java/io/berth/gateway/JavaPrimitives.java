// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.ChaCha20Poly1305.Authenticator;
import io.berth.gateway.ChaCha20Poly1305.Primitives;
import io.berth.gateway.ChaCha20Poly1305.Stream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.mac.Poly1305Mac;

/**
 * The JDK's ChaCha20, which the JIT compiles to vector instructions, and MINA's Poly1305. SSH's nonce is 64 bits after a 64-bit block
 * counter, RFC 8439's is 96 bits after 32: for less than 256 GiB a packet they agree when the nonce begins with four zeros.
 */
record JavaPrimitives() implements Primitives {
    private static final String ALGORITHM = "ChaCha20";
    private static final int NONCE_BYTES = 12;

    @Override
    public Stream stream(byte[] keys, int offset) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(ALGORITHM);
        var key = new SecretKeySpec(keys, offset, ChaCha20Poly1305.KEY_BYTES, ALGORITHM);
        return new Stream() {
            @Override
            public void begin(int sequence) throws GeneralSecurityException {
                byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                        .putInt(NONCE_BYTES - Integer.BYTES, sequence)
                        .array();
                // encryption and decryption are the same xor
                cipher.init(Cipher.DECRYPT_MODE, key, new ChaCha20ParameterSpec(nonce, 0));
            }

            @Override
            public void crypt(byte[] data, int offset, int length) throws GeneralSecurityException {
                cipher.update(data, offset, length, data, offset);
            }
        };
    }

    @Override
    public Authenticator authenticator() {
        var mac = new Poly1305Mac();
        return new Authenticator() {
            @Override
            public void begin(byte[] key) throws GeneralSecurityException {
                try {
                    mac.init(Arrays.copyOf(key, ChaCha20Poly1305.KEY_BYTES));
                } catch (Exception e) {
                    throw new GeneralSecurityException(e);
                }
            }

            @Override
            public void update(byte[] data, int offset, int length) {
                mac.update(data, offset, length);
            }

            @Override
            public void end(byte[] tag, int offset) throws GeneralSecurityException {
                try {
                    mac.doFinal(tag, offset);
                } catch (Exception e) {
                    throw new GeneralSecurityException(e);
                }
            }
        };
    }
}
