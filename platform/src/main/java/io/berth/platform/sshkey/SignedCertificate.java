// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/** A user certificate as a client showed it, taken apart but not believed; OpenSSH's PROTOCOL.certkeys. */
public final class SignedCertificate {
    /** SHA-1, "ssh-rsa", is not among them. */
    private static final Set<String> FORMATS = Set.of(
            "ssh-ed25519",
            "rsa-sha2-256",
            "rsa-sha2-512",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521");

    private final byte[] signed;
    private final byte[] signerBlob;
    private final String format;
    private final byte[] signature;

    private SignedCertificate(byte[] signed, byte[] signerBlob, String format, byte[] signature) {
        this.signed = signed;
        this.signerBlob = signerBlob;
        this.format = format;
        this.signature = signature;
    }

    /** @throws UnfitKeyException when it is no certificate */
    public static SignedCertificate parse(String line) {
        String[] parts = line.split(" ", 2);
        byte[] whole = decoded(parts.length == 2 ? parts[1] : "");
        Wire.Reader in = new Wire.Reader(whole);
        String type = in.string();
        in.bytes(); // nonce
        in.bytes(); // Ed25519's key, RSA's exponent, ECDSA's curve
        if (!type.equals("ssh-ed25519" + UserCertificate.SUFFIX)) {
            in.bytes(); // modulus, point
        }
        in.uint64(); // serial
        in.uint32(); // type
        in.bytes(); // key id
        in.bytes(); // principals
        in.uint64(); // valid after
        in.uint64(); // valid before
        in.bytes(); // critical options
        in.bytes(); // extensions
        in.bytes(); // reserved
        byte[] signer = in.bytes();
        byte[] signed = Arrays.copyOf(whole, in.position());
        Wire.Reader signature = new Wire.Reader(in.bytes());
        in.end();
        String format = signature.string();
        byte[] bytes = signature.bytes();
        signature.end();
        return new SignedCertificate(signed, signer, format, bytes);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new UnfitKeyException("the certificate is damaged or cut off; ask for a new one");
        }
    }

    boolean isSignedBy(byte[] blob) {
        return MessageDigest.isEqual(signerBlob, blob);
    }

    /** The CA's, which need not be one that anybody knows. */
    public PublicKey signer() {
        return PublicKey.parse(
                new Wire.Reader(signerBlob).string() + " " + Base64.getEncoder().encodeToString(signerBlob));
    }

    /**
     * What it says, once its signature is found to be its signer's.
     *
     * @throws UnfitKeyException when it is not, or it says what is not understood here
     */
    public UserCertificate verified() {
        PublicKey signer = signer();
        if (!UserCertificate.isFor(signer) || !FORMATS.contains(format) || !isSound()) {
            throw new UnfitKeyException("the certificate's signature is not its signer's");
        }
        return UserCertificate.parse(signed);
    }

    private boolean isSound() {
        try {
            return SshSignatures.verify(signerBlob, format, signed, signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false; // not even of a signature's form
        }
    }
}
