// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.AccessRules;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.u2f.SecurityKeyPublicKey;
import org.apache.sshd.common.config.keys.u2f.SkED25519PublicKey;
import org.apache.sshd.common.config.keys.u2f.SkEcdsaPublicKey;

/**
 * FIDO keys: what their signature must say of the person. MINA verifies the flags that a signature bears (PROTOCOL.u2f) against
 * what the key object demands, which comes from the wire without demands.
 */
final class SecurityKeys {
    private SecurityKeys() {}

    static boolean isOne(PublicKey key) {
        return key instanceof SecurityKeyPublicKey<?>;
    }

    /** The same key, with the rules' demands; any other key is itself. */
    static PublicKey demanding(PublicKey key, AccessRules rules) {
        return switch (key) {
            case SkED25519PublicKey sk ->
                new SkED25519PublicKey(sk.getAppName(), !rules.touch(), rules.pin(), sk.getDelegatePublicKey());
            case SkEcdsaPublicKey sk ->
                new SkEcdsaPublicKey(sk.getAppName(), !rules.touch(), rules.pin(), sk.getDelegatePublicKey());
            default -> key;
        };
    }

    /** The key that signs: a certificate's is inside it. */
    static PublicKey signing(PublicKey key) {
        return key instanceof OpenSshCertificate certificate ? certificate.getCertPubKey() : key;
    }
}
