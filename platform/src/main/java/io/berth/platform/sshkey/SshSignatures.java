// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Signatures of SSH keys, verified by the JDK: RFC 8332, RFC 5656 3.1.2, RFC 8709 6. */
final class SshSignatures {
    /** SubjectPublicKeyInfo of an Ed25519 key up to the key itself: RFC 8410. */
    private static final byte[] ED25519_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int POSITIVE = 1;
    private static final byte SEQUENCE = 0x30; // DER
    private static final byte INTEGER = 0x02;

    private SshSignatures() {}

    /**
     * @param key the key's blob, which has been found fit ({@link KeyBlob})
     * @param format the signature's
     * @throws GeneralSecurityException when the signature is not even of its format's form
     */
    static boolean verify(byte[] key, String format, byte[] message, byte[] signature) throws GeneralSecurityException {
        Wire.Reader in = new Wire.Reader(key);
        String type = in.string();
        Signature verifier;
        byte[] bytes = signature;
        if (type.contains("ed25519")) {
            verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(ed25519(in.bytes()));
        } else if (type.equals("ssh-rsa")) {
            verifier = Signature.getInstance(format.equals("rsa-sha2-256") ? "SHA256withRSA" : "SHA512withRSA");
            BigInteger exponent = new BigInteger(in.bytes());
            verifier.initVerify(
                    KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus(in), exponent)));
        } else {
            String curve = in.string();
            verifier = Signature.getInstance("SHA" + hashBits(curve) + "withECDSA");
            verifier.initVerify(ecdsa(curve, in.bytes()));
            bytes = der(signature);
        }
        verifier.update(message);
        return verifier.verify(bytes);
    }

    private static BigInteger modulus(Wire.Reader in) {
        return new BigInteger(in.bytes());
    }

    private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
        byte[] der = Arrays.copyOf(ED25519_HEAD, ED25519_HEAD.length + point.length);
        System.arraycopy(point, 0, der, ED25519_HEAD.length, point.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    }

    /** RFC 5656, section 6.2.1. */
    private static String hashBits(String curve) {
        return curve.equals("nistp256") ? "256" : curve.equals("nistp384") ? "384" : "512";
    }

    private static PublicKey ecdsa(String curve, byte[] point) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp" + curve.substring("nistp".length()) + "r1"));
        int half = (point.length - 1) / 2;
        var x = new BigInteger(POSITIVE, Arrays.copyOfRange(point, 1, 1 + half));
        var y = new BigInteger(POSITIVE, Arrays.copyOfRange(point, 1 + half, point.length));
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(new ECPoint(x, y), parameters.getParameterSpec(ECParameterSpec.class)));
    }

    /** Two SSH integers as the two of a DER sequence, which the JDK reads; both have the same form inside. */
    private static byte[] der(byte[] signature) {
        Wire.Reader in = new Wire.Reader(signature);
        byte[] r = integer(in.bytes());
        byte[] s = integer(in.bytes());
        in.end();
        return new Wire.Writer()
                .raw(new byte[] {SEQUENCE})
                .raw(length(r.length + s.length))
                .raw(r)
                .raw(s)
                .bytes();
    }

    private static byte[] integer(byte[] number) {
        return new Wire.Writer()
                .raw(new byte[] {INTEGER})
                .raw(length(number.length))
                .raw(number)
                .bytes();
    }

    /** nistp521's sequence has up to 138 bytes: one byte of length up to 127, two up to 255. */
    private static byte[] length(int length) {
        if (length > 0xff) {
            throw new UnfitKeyException("the signature is longer than any");
        }
        return length < 0x80 ? new byte[] {(byte) length} : new byte[] {(byte) 0x81, (byte) length};
    }
}
