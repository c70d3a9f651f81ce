// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * chacha20-poly1305@openssh.com (OpenSSH's PROTOCOL.chacha20poly1305), which OpenSSH clients list first, on libcrypto's primitives or
 * the JDK's; MINA's own is plain Java.
 */
final class ChaCha20Poly1305 implements Cipher {
    static final int KEY_BYTES = 32;
    static final int TAG_BYTES = 16;
    private static final int BLOCK_BYTES = 64;
    private static final String ALGORITHM = "ChaCha20";

    /** Offers it to MINA. */
    record Factory(Primitives primitives) implements NamedFactory<Cipher> {
        Factory() {
            this(Primitives.best());
        }

        @Override
        public String getName() {
            return "chacha20-poly1305@openssh.com";
        }

        @Override
        public Cipher create() {
            return new ChaCha20Poly1305(primitives);
        }
    }

    /** ChaCha20 under one of the two keys. */
    interface Stream {
        /** Sets out at block 0 of a packet's key stream. */
        void begin(int sequence) throws GeneralSecurityException;

        /** In place, from where the call before has come to: whole blocks, but for the last call of a packet. */
        void crypt(byte[] data, int offset, int length) throws GeneralSecurityException;
    }

    /** Poly1305. */
    interface Authenticator {
        /** @param key its first {@link #KEY_BYTES} bytes */
        void begin(byte[] key) throws GeneralSecurityException;

        void update(byte[] data, int offset, int length) throws GeneralSecurityException;

        void end(byte[] tag, int offset) throws GeneralSecurityException;
    }

    /** Where the two come from. */
    interface Primitives {
        Stream stream(byte[] keys, int offset) throws GeneralSecurityException;

        Authenticator authenticator() throws GeneralSecurityException;

        static Primitives best() {
            return Libcrypto.instance()
                    .<Primitives>map(LibcryptoPrimitives::new)
                    .orElseGet(JavaPrimitives::new);
        }
    }

    private final Primitives primitives;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final byte[] tag = new byte[TAG_BYTES];
    private Mode mode = Mode.Decrypt;
    private @Nullable Stream payload;
    private @Nullable Stream length;
    private @Nullable Authenticator mac;
    private int sequence;
    private int firstSequence;
    private boolean used;

    ChaCha20Poly1305(Primitives primitives) {
        this.primitives = primitives;
    }

    @Override
    public void init(Mode mode, byte[] keys, byte[] iv) throws GeneralSecurityException {
        this.mode = mode;
        payload = primitives.stream(keys, 0);
        length = primitives.stream(keys, KEY_BYTES);
        mac = primitives.authenticator();
        sequence = ByteBuffer.wrap(iv).getInt(Integer.BYTES); // the lower half of a 64-bit packet sequence number
        firstSequence = sequence;
    }

    /** The first call for each packet: its length. */
    @Override
    public void updateAAD(byte[] data, int offset, int count) throws GeneralSecurityException {
        begin();
        if (mode == Mode.Decrypt) {
            keyed(mac).update(data, offset, count);
        }
        keyed(length).crypt(data, offset, count);
        if (mode == Mode.Encrypt) {
            keyed(mac).update(data, offset, count);
        }
    }

    /** The second call for each packet; the tag follows the bytes. */
    @Override
    public void update(byte[] data, int offset, int count) throws GeneralSecurityException {
        if (mode == Mode.Decrypt) {
            keyed(mac).update(data, offset, count);
            requireTag(data, offset + count);
        }
        keyed(payload).crypt(data, offset, count);
        if (mode == Mode.Encrypt) {
            keyed(mac).update(data, offset, count);
            keyed(mac).end(data, offset + count);
        }
    }

    /** Block 0 of the payload's key stream has the packet's Poly1305 key in its first half; the payload begins at block 1. */
    private void begin() throws GeneralSecurityException {
        if (used && sequence == firstSequence) {
            throw new IllegalStateException("every packet sequence number has been used with this key");
        }
        used = true;
        keyed(payload).begin(sequence);
        keyed(length).begin(sequence);
        Arrays.fill(block, (byte) 0);
        keyed(payload).crypt(block, 0, BLOCK_BYTES);
        keyed(mac).begin(block);
        sequence++;
    }

    private static <T> T keyed(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("no key yet");
        }
        return part;
    }

    private void requireTag(byte[] data, int offset) throws GeneralSecurityException {
        keyed(mac).end(tag, 0);
        if (!MessageDigest.isEqual(Arrays.copyOfRange(data, offset, offset + TAG_BYTES), tag)) {
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
