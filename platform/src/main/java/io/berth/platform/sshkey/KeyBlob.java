// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The inside of a public key: RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4, and OpenSSH's PROTOCOL.u2f. */
final class KeyBlob {
    private static final String ED25519 = "ssh-ed25519";
    private static final String RSA = "ssh-rsa";
    private static final String ECDSA = "ecdsa-sha2-";
    private static final String SK_ED25519 = "sk-ssh-ed25519@openssh.com";
    private static final String SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com";
    private static final int FEWEST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 16_384; // OpenSSH's SSH_RSA_MAXIMUM
    private static final int ED25519_BYTES = 32;
    private static final Map<String, Integer> COORDINATE_BYTES = Map.of("nistp256", 32, "nistp384", 48, "nistp521", 66);

    private final ByteBuffer rest;

    private KeyBlob(byte[] blob) {
        this.rest = ByteBuffer.wrap(blob);
    }

    /** @throws UnfitKeyException when the blob is no key of that type, or a weak one */
    static void check(String type, byte[] blob) {
        refuse(type);
        KeyBlob key = new KeyBlob(blob);
        if (!key.text().equals(type)) {
            throw new UnfitKeyException("the key's type differs from what is written before it; copy the line again");
        }
        switch (type) {
            case ED25519 -> key.ed25519();
            case RSA -> key.rsa();
            case SK_ED25519 -> {
                key.ed25519();
                key.text();
            }
            case SK_ECDSA -> {
                key.ecdsa("nistp256");
                key.text();
            }
            default -> key.ecdsa(type.substring(ECDSA.length()));
        }
        if (key.rest.hasRemaining()) {
            throw malformed();
        }
    }

    private static void refuse(String type) {
        if (type.equals("ssh-dss")) {
            throw new UnfitKeyException(
                    "DSA keys can be forged and are not accepted; make one by ssh-keygen -t ed25519");
        }
        if (type.contains("-cert-v01@")) {
            throw new UnfitKeyException("this is a certificate; give the public key itself");
        }
        boolean known = type.equals(ED25519)
                || type.equals(RSA)
                || type.equals(SK_ED25519)
                || type.equals(SK_ECDSA)
                || (type.startsWith(ECDSA) && COORDINATE_BYTES.containsKey(type.substring(ECDSA.length())));
        if (!known) {
            throw new UnfitKeyException(
                    "this begins with no known key type (ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256, "
                            + "-384, -521, sk-ssh-ed25519@openssh.com, sk-ecdsa-sha2-nistp256@openssh.com); "
                            + "give the line that stands in ~/.ssh/id_ed25519.pub");
        }
    }

    private void ed25519() {
        if (bytes().length != ED25519_BYTES) {
            throw malformed();
        }
    }

    private void rsa() {
        BigInteger exponent = number();
        BigInteger modulus = number();
        if (!exponent.testBit(0) || exponent.compareTo(BigInteger.TWO) <= 0 || !modulus.testBit(0)) {
            throw malformed();
        }
        if (modulus.bitLength() < FEWEST_RSA_BITS || modulus.bitLength() > MOST_RSA_BITS) {
            throw new UnfitKeyException("this RSA key has " + modulus.bitLength() + " bits; " + FEWEST_RSA_BITS + " to "
                    + MOST_RSA_BITS + " are accepted; make one by ssh-keygen -t ed25519");
        }
    }

    private void ecdsa(String curve) {
        if (!text().equals(curve)) {
            throw malformed();
        }
        byte[] point = bytes();
        int coordinate = COORDINATE_BYTES.getOrDefault(curve, 0);
        // SEC 1, 2.3.3: 04 is an uncompressed point, the only form that OpenSSH takes
        if (point.length != 1 + 2 * coordinate || point[0] != 4) {
            throw malformed();
        }
    }

    private BigInteger number() {
        byte[] bytes = bytes();
        if (bytes.length == 0 || bytes[0] < 0) {
            throw malformed();
        }
        return new BigInteger(bytes);
    }

    private String text() {
        return new String(bytes(), StandardCharsets.US_ASCII);
    }

    private byte[] bytes() {
        if (rest.remaining() < Integer.BYTES) {
            throw malformed();
        }
        int length = rest.getInt();
        if (length < 0 || length > rest.remaining()) {
            throw malformed();
        }
        byte[] bytes = new byte[length];
        rest.get(bytes);
        return bytes;
    }

    private static UnfitKeyException malformed() {
        return new UnfitKeyException("the key is damaged or cut off; copy the whole line of the .pub file again");
    }
}
