// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.signing.SigningKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
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
    private final byte[] blob;
    private final SecureRandom random = new SecureRandom();

    CertificateAuthority(PlatformSettings settings) throws GeneralSecurityException {
        key = SigningKey.load(settings.platformDir(), "ssh-user-ca");
        byte[] der = Base64.getMimeDecoder().decode(key.publicPem().replaceAll("-----[A-Z ]+-----", ""));
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
     * What a certificate says is believed once its signature has been verified.
     *
     * @throws UnfitKeyException when it is none of ours
     */
    public UserCertificate verified(String line) {
        SignedCertificate certificate = SignedCertificate.parse(line);
        if (!isSignerOf(certificate)) {
            throw new UnfitKeyException("this platform has not signed that certificate");
        }
        return certificate.verified();
    }

    /** Whether it claims to be ours. */
    public boolean isSignerOf(SignedCertificate certificate) {
        return certificate.isSignedBy(blob);
    }
}
