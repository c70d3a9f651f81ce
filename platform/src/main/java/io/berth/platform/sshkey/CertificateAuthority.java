// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.signing.SigningKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.springframework.stereotype.Component;

/** The platform's own CA for user certificates: an Ed25519 key, made at the first start, that signs nothing else. */
@Component
public class CertificateAuthority {
    private static final String ED25519 = "ssh-ed25519";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 32; // as ssh-keygen's

    private final SigningKey key;
    private final java.security.PublicKey open;
    private final byte[] blob;
    private final SecureRandom random = new SecureRandom();

    CertificateAuthority(PlatformSettings settings) throws GeneralSecurityException {
        key = SigningKey.load(settings.platformDir(), "ssh-user-ca");
        byte[] der = Base64.getMimeDecoder().decode(key.publicPem().replaceAll("-----[A-Z ]+-----", ""));
        open = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        // RFC 8410: the key is the last 32 bytes of SubjectPublicKeyInfo
        byte[] point = Arrays.copyOfRange(der, der.length - KEY_BYTES, der.length);
        blob = new Wire.Writer().string(ED25519).string(point).bytes();
    }

    /** The CA's public key as it stands in a TrustedUserCAKeys file. */
    String publicKey() {
        return ED25519 + " " + Base64.getEncoder().encodeToString(blob);
    }

    /** @return type and base64, as it stands in an id_ed25519-cert.pub */
    String sign(UserCertificate certificate) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] signed = certificate.toBeSigned(nonce, blob);
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.secret());
            signature.update(signed);
            byte[] whole = new Wire.Writer()
                    .raw(signed)
                    .string(new Wire.Writer()
                            .string(ED25519)
                            .string(signature.sign())
                            .bytes())
                    .bytes();
            return certificate.key().type() + UserCertificate.SUFFIX + " "
                    + Base64.getEncoder().encodeToString(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with Ed25519", e);
        }
    }

    /**
     * Nothing of a certificate is looked at before its signature has been verified.
     *
     * @throws UnfitKeyException when it is none of ours
     */
    public UserCertificate verified(String line) {
        String[] parts = line.split(" ", 2);
        byte[] whole = decoded(parts.length == 2 ? parts[1] : "");
        // the signature is last, of fixed length: string(string "ssh-ed25519", string 64 bytes)
        int end = whole.length - (3 * Integer.BYTES + ED25519.length() + 2 * KEY_BYTES);
        if (end < blob.length + Integer.BYTES) {
            throw stranger();
        }
        byte[] signed = Arrays.copyOf(whole, end);
        Wire.Reader tail = new Wire.Reader(new Wire.Reader(Arrays.copyOfRange(whole, end, whole.length)).bytes());
        if (!tail.string().equals(ED25519) || !verify(signed, tail.bytes())) {
            throw stranger();
        }
        byte[] signer = Arrays.copyOfRange(signed, signed.length - blob.length, signed.length);
        if (!MessageDigest.isEqual(signer, blob)) {
            throw stranger();
        }
        return UserCertificate.parse(signed);
    }

    private boolean verify(byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(open);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // not even of a signature's form
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw stranger();
        }
    }

    private static UnfitKeyException stranger() {
        return new UnfitKeyException("this platform has not signed that certificate");
    }
}
