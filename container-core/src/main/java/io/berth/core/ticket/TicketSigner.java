// SPDX-License-Identifier: Apache-2.0
package io.berth.core.ticket;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/** Signs tickets; the platform's half. Form: JWS compact serialisation (RFC 7515) with EdDSA (RFC 8037). */
public final class TicketSigner {
    private final PrivateKey key;

    /** @param key an Ed25519 private key */
    public TicketSigner(PrivateKey key) {
        this.key = key;
    }

    /** The ticket as three base64url parts joined by dots. */
    public String sign(Ticket ticket) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String signed = TicketForm.HEADER_BASE64 + "." + base64.encodeToString(TicketForm.toJson(ticket));
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing a ticket with " + key.getAlgorithm() + " failed", e);
        }
    }
}
