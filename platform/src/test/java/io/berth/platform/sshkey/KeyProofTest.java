// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.access.AccessRules;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Signatures as clients make them, by the JDK. */
class KeyProofTest {
    private static final byte[] SESSION = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

    @Test
    void rsaKeysProveByBothOfTheirAlgorithms() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        RSAPublicKey open = (RSAPublicKey) pair.getPublic();
        byte[] blob = new Wire.Writer()
                .string("ssh-rsa")
                .string(open.getPublicExponent().toByteArray())
                .string(open.getModulus().toByteArray())
                .bytes();
        for (String bits : new String[] {"256", "512"}) {
            String format = "rsa-sha2-" + bits;
            byte[] signature = sign("SHA" + bits + "withRSA", pair, message("lobby", format, blob));
            assertProves(
                    "ssh-rsa",
                    blob,
                    format,
                    new Wire.Writer().string(format).string(signature).bytes());
        }
    }

    @Test
    void ecdsaKeysProveOnEveryCurve() throws Exception {
        for (String size : new String[] {"256", "384", "521"}) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp" + size + "r1"));
            KeyPair pair = generator.generateKeyPair();
            String type = "ecdsa-sha2-nistp" + size;
            byte[] blob = new Wire.Writer()
                    .string(type)
                    .string("nistp" + size)
                    .string(point((ECPublicKey) pair.getPublic(), (Integer.parseInt(size) + 7) / 8))
                    .bytes();
            String hash = size.equals("521") ? "512" : size;
            byte[] der = sign("SHA" + hash + "withECDSA", pair, message("lobby", type, blob));
            assertProves(
                    type,
                    blob,
                    type,
                    new Wire.Writer().string(type).string(numbers(der)).bytes());
        }
    }

    @Test
    void securityKeysProveWithTheFlagsThatTheRulesDemand() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] der = pair.getPublic().getEncoded();
        String type = "sk-ssh-ed25519@openssh.com";
        byte[] blob = new Wire.Writer()
                .string(type)
                .string(Arrays.copyOfRange(der, der.length - 32, der.length))
                .string("ssh:")
                .bytes();
        assertThat(proof(type, blob, pair, 1).proves("lobby", line(type, blob), key(type, blob), rules(true, false)))
                .isTrue();
        assertThat(proof(type, blob, pair, 0).proves("lobby", line(type, blob), key(type, blob), rules(true, false)))
                .isFalse();
        assertThat(proof(type, blob, pair, 0).proves("lobby", line(type, blob), key(type, blob), rules(false, false)))
                .isTrue();
        assertThat(proof(type, blob, pair, 1).proves("lobby", line(type, blob), key(type, blob), rules(true, true)))
                .isFalse();
        assertThat(proof(type, blob, pair, 5).proves("lobby", line(type, blob), key(type, blob), rules(true, true)))
                .isTrue();
    }

    private static KeyProof proof(String type, byte[] blob, KeyPair pair, int flags) throws GeneralSecurityException {
        byte[] statement = new Wire.Writer()
                .raw(sha256("ssh:".getBytes(UTF_8)))
                .raw(new byte[] {(byte) flags})
                .uint32(7)
                .raw(sha256(message("lobby", type, blob)))
                .bytes();
        byte[] signature = new Wire.Writer()
                .string(type)
                .string(sign("Ed25519", pair, statement))
                .raw(new byte[] {(byte) flags})
                .uint32(7)
                .bytes();
        return new KeyProof(base64(SESSION), type, base64(signature));
    }

    private static AccessRules rules(boolean touch, boolean pin) {
        AccessRules all = AccessRules.EVERYTHING;
        return new AccessRules(all.from(), null, null, true, touch, pin, all.forwarding());
    }

    private static void assertProves(String type, byte[] blob, String algorithm, byte[] signature) {
        var proof = new KeyProof(base64(SESSION), algorithm, base64(signature));
        assertThat(proof.proves("lobby", line(type, blob), key(type, blob), AccessRules.EVERYTHING))
                .as(algorithm)
                .isTrue();
        assertThat(proof.proves("lobby2", line(type, blob), key(type, blob), AccessRules.EVERYTHING))
                .isFalse();
        assertThat(proof.proves("lobby", line(type, blob), key(type, blob), rules(true, true)))
                .as("a plain key shows no PIN")
                .isFalse();
        byte[] longer = Arrays.copyOf(signature, signature.length + 1);
        assertThat(new KeyProof(base64(SESSION), algorithm, base64(longer))
                        .proves("lobby", line(type, blob), key(type, blob), AccessRules.EVERYTHING))
                .isFalse();
    }

    private static PublicKey key(String type, byte[] blob) {
        return PublicKey.parse(line(type, blob));
    }

    private static String line(String type, byte[] blob) {
        return type + " " + base64(blob);
    }

    private static byte[] message(String userName, String algorithm, byte[] blob) {
        return new Wire.Writer()
                .string(SESSION)
                .raw(new byte[] {50})
                .string(userName)
                .string("ssh-connection")
                .string("publickey")
                .raw(new byte[] {1})
                .string(algorithm)
                .string(blob)
                .bytes();
    }

    private static byte[] sign(String algorithm, KeyPair pair, byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(message);
        return signature.sign();
    }

    private static byte[] point(ECPublicKey key, int bytes) {
        byte[] point = new byte[1 + 2 * bytes];
        point[0] = 4;
        put(key.getW().getAffineX(), point, 1, bytes);
        put(key.getW().getAffineY(), point, 1 + bytes, bytes);
        return point;
    }

    private static void put(BigInteger number, byte[] into, int offset, int length) {
        byte[] raw = number.toByteArray();
        int skip = Math.max(0, raw.length - length);
        System.arraycopy(raw, skip, into, offset + length - (raw.length - skip), raw.length - skip);
    }

    /** The two integers of a DER sequence, as SSH writes them. */
    private static byte[] numbers(byte[] der) {
        int at = (der[1] & 0x80) == 0 ? 2 : 3;
        int length = der[at + 1];
        byte[] r = Arrays.copyOfRange(der, at + 2, at + 2 + length);
        at += 2 + length;
        byte[] s = Arrays.copyOfRange(der, at + 2, at + 2 + der[at + 1]);
        return new Wire.Writer().string(r).string(s).bytes();
    }

    private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
