// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.mac.Poly1305Mac;
import org.jspecify.annotations.Nullable;

/**
 * chacha20-poly1305@openssh.com (OpenSSH's PROTOCOL.chacha20poly1305) on the JDK's ChaCha20, which the JIT compiles to vector
 * instructions; MINA's own is plain Java and OpenSSH clients list this cipher first. SSH's nonce is 64 bits after a 64-bit block
 * counter, RFC 8439's is 96 bits after 32: for less than 256 GiB a packet they agree when the nonce begins with four zeros.
 */
final class ChaCha20Poly1305 implements Cipher {
    /** Offers it to MINA. */
    record Factory() implements NamedFactory<Cipher> {
        @Override
        public String getName() {
            return "chacha20-poly1305@openssh.com";
        }

        @Override
        public Cipher create() {
            return new ChaCha20Poly1305();
        }
    }

    private static final String ALGORITHM = "ChaCha20";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final byte[] BLOCK_OF_ZEROS = new byte[64];

    /** ChaCha20 under one of the two keys. */
    private static final class Stream {
        private final javax.crypto.Cipher cipher;
        private final SecretKeySpec key;

        Stream(byte[] keys, int offset) throws GeneralSecurityException {
            cipher = javax.crypto.Cipher.getInstance(ALGORITHM);
            key = new SecretKeySpec(keys, offset, KEY_BYTES, ALGORITHM);
        }

        /** Sets out at block 0 of a packet's key stream. */
        void begin(int sequence) throws GeneralSecurityException {
            byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                    .putInt(NONCE_BYTES - Integer.BYTES, sequence)
                    .array();
            // encryption and decryption are the same xor
            cipher.init(javax.crypto.Cipher.DECRYPT_MODE, key, new ChaCha20ParameterSpec(nonce, 0));
        }

        /** Block 0 of the key stream, whose first half is the packet's Poly1305 key; the payload begins at block 1. */
        byte[] firstBlock() throws GeneralSecurityException {
            byte[] block = new byte[BLOCK_OF_ZEROS.length];
            cipher.update(BLOCK_OF_ZEROS, 0, BLOCK_OF_ZEROS.length, block, 0);
            return block;
        }

        void crypt(byte[] data, int offset, int length) throws GeneralSecurityException {
            cipher.doFinal(data, offset, length, data, offset);
        }
    }

    private final Poly1305Mac mac = new Poly1305Mac();
    private Mode mode = Mode.Decrypt;
    private @Nullable Stream payload;
    private @Nullable Stream length;
    private int sequence;
    private int firstSequence;
    private boolean used;

    @Override
    public void init(Mode mode, byte[] keys, byte[] iv) throws GeneralSecurityException {
        this.mode = mode;
        payload = new Stream(keys, 0);
        length = new Stream(keys, KEY_BYTES);
        sequence = ByteBuffer.wrap(iv).getInt(Integer.BYTES); // the lower half of a 64-bit packet sequence number
        firstSequence = sequence;
    }

    /** The first call for each packet: its length. */
    @Override
    public void updateAAD(byte[] data, int offset, int count) throws Exception {
        begin();
        if (mode == Mode.Decrypt) {
            mac.update(data, offset, count);
        }
        keyed(length).crypt(data, offset, count);
        if (mode == Mode.Encrypt) {
            mac.update(data, offset, count);
        }
    }

    /** The second call for each packet; the tag follows the bytes. */
    @Override
    public void update(byte[] data, int offset, int count) throws Exception {
        if (mode == Mode.Decrypt) {
            mac.update(data, offset, count);
            requireTag(Arrays.copyOfRange(data, offset + count, offset + count + TAG_BYTES));
        }
        keyed(payload).crypt(data, offset, count);
        if (mode == Mode.Encrypt) {
            mac.update(data, offset, count);
            mac.doFinal(data, offset + count);
        }
    }

    private void begin() throws Exception {
        if (used && sequence == firstSequence) {
            throw new IllegalStateException("every packet sequence number has been used with this key");
        }
        used = true;
        keyed(payload).begin(sequence);
        keyed(length).begin(sequence);
        mac.init(Arrays.copyOf(keyed(payload).firstBlock(), Poly1305Mac.KEY_BYTES));
        sequence++;
    }

    private static Stream keyed(@Nullable Stream stream) {
        if (stream == null) {
            throw new IllegalStateException("no key yet");
        }
        return stream;
    }

    private void requireTag(byte[] tag) throws Exception {
        if (!MessageDigest.isEqual(tag, mac.doFinal())) {
            throw new AEADBadTagException("the packet was changed on its way");
        }
    }

    @Override
    public String getAlgorithm() {
        return ALGORITHM;
    }

    @Override
    public String getTransformation() {
        return ALGORITHM;
    }

    @Override
    public int getIVSize() {
        return Long.BYTES;
    }

    @Override
    public int getAuthenticationTagSize() {
        return TAG_BYTES;
    }

    @Override
    public int getCipherBlockSize() {
        return Long.BYTES;
    }

    @Override
    public int getKdfSize() {
        return 2 * KEY_BYTES;
    }

    @Override
    public int getKeySize() {
        return 2 * KEY_BYTES * Byte.SIZE;
    }
}
