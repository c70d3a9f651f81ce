// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.gateway.ChaCha20Poly1305.Primitives;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.cipher.Cipher.Mode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against MINA's own implementation, which OpenSSH has long agreed with. */
class ChaCha20Poly1305Test {
    private static final int TAG = 16;
    private final Random random = new Random(7);
    private final byte[] keys = bytes(64);
    private final byte[] nonce = {0, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xfe};

    static Stream<Primitives> primitives() {
        return Stream.of(
                new JavaPrimitives(),
                new LibcryptoPrimitives(Libcrypto.instance().orElseThrow()));
    }

    @ParameterizedTest
    @MethodSource("primitives")
    void agreesWithMinaAcrossPacketsAndTheSequencesWrap(Primitives primitives) throws Exception {
        Cipher ours = cipher(new ChaCha20Poly1305.Factory(primitives).create(), Mode.Encrypt);
        Cipher minas = cipher(BuiltinCiphers.cc20p1305_openssh.create(), Mode.Encrypt);
        for (int length : new int[] {8, 16, 64, 72, 1000, 32768, 8}) {
            byte[] packet = Arrays.copyOf(bytes(4 + length), 4 + length + TAG);
            byte[] expected = packet.clone();
            minas.updateWithAAD(expected, 0, 4, length);
            ours.updateWithAAD(packet, 0, 4, length);
            assertThat(packet).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("primitives")
    void opensWhatMinaSealed(Primitives primitives) throws Exception {
        Cipher ours = cipher(new ChaCha20Poly1305.Factory(primitives).create(), Mode.Decrypt);
        Cipher minas = cipher(BuiltinCiphers.cc20p1305_openssh.create(), Mode.Encrypt);
        for (int length : new int[] {8, 64, 4096, 16}) {
            byte[] plain = bytes(4 + length);
            byte[] packet = Arrays.copyOf(plain, 4 + length + TAG);
            minas.updateWithAAD(packet, 0, 4, length);
            ours.updateAAD(packet, 0, 4);
            ours.update(packet, 4, length);
            assertThat(Arrays.copyOf(packet, 4 + length)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @MethodSource("primitives")
    void changedPacketIsRefused(Primitives primitives) throws Exception {
        for (int place : new int[] {0, 5, 4 + 64 + 3}) {
            byte[] packet = Arrays.copyOf(bytes(4 + 64), 4 + 64 + TAG);
            cipher(new ChaCha20Poly1305.Factory(primitives).create(), Mode.Encrypt)
                    .updateWithAAD(packet, 0, 4, 64);
            packet[place] ^= 1;
            Cipher reader = cipher(new ChaCha20Poly1305.Factory(primitives).create(), Mode.Decrypt);
            reader.updateAAD(packet, 0, 4);
            assertThatThrownBy(() -> reader.update(packet, 4, 64)).isInstanceOf(AEADBadTagException.class);
        }
    }

    private Cipher cipher(Cipher cipher, Mode mode) throws Exception {
        cipher.init(mode, keys.clone(), nonce.clone());
        return cipher;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
