// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.ContainerPassport;
import io.berth.platform.settings.PlatformSettings;
import io.berth.platform.signing.SigningKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs passports, with a key that signs nothing else. Even under one key no passport could be a ticket: a ticket's signed text
 * begins with {@code ey}, base64url of its header, and this one with a brace.
 */
@Component
class PassportSigner {
    private static final String PURPOSE = "berth-passport-v1";

    private final SigningKey key;
    private final JsonMapper json;
    private final Clock clock;
    private final String node;

    PassportSigner(PlatformSettings settings, JsonMapper json, Clock clock) {
        this.key = SigningKey.load(settings.platformDir(), "passport");
        this.json = json;
        this.clock = clock;
        this.node = settings.instance();
    }

    /** What is signed: purpose first, so that a reader sees what the text is for. */
    record Statement(String purpose, String node, Instant signedAt, ContainerPassport passport) {}

    SignedPassport sign(ContainerPassport passport) {
        byte[] statement = json.writeValueAsBytes(new Statement(PURPOSE, node, clock.instant(), passport));
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.secret());
            signature.update(statement);
            Base64.Encoder base64 = Base64.getEncoder();
            return new SignedPassport(
                    base64.encodeToString(statement), base64.encodeToString(signature.sign()), fingerprint());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with Ed25519", e);
        }
    }

    /** PEM, as openssl(1) reads it. */
    String publicKey() {
        return key.publicPem();
    }

    private String fingerprint() throws GeneralSecurityException {
        String base64 = key.publicPem().replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(base64));
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    }
}
