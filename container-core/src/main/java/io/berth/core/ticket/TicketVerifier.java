// SPDX-License-Identifier: Apache-2.0
package io.berth.core.ticket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/** Verifies tickets; the agent's half. Nothing of a ticket is parsed before its signature has been checked. */
public final class TicketVerifier {
    /** A ticket that claims to live longer than this is refused, whoever signed it. */
    static final Duration LONGEST_LIFE = Duration.ofMinutes(2);

    private static final int MOST_CHARACTERS = 4096;

    private final AsymmetricKeyParameter key;
    private final Clock clock;

    /** @param key the platform's Ed25519 public key */
    public TicketVerifier(PublicKey key, Clock clock) {
        try {
            this.key = PublicKeyFactory.createKey(key.getEncoded());
        } catch (IOException e) {
            throw new IllegalArgumentException("the ticket key is no Ed25519 public key", e);
        }
        this.clock = clock;
    }

    /** @throws InvalidTicketException when the platform did not sign it, or it has expired */
    public Ticket verify(String text) {
        List<String> parts = List.of(text.split("\\.", -1));
        if (text.length() > MOST_CHARACTERS
                || parts.size() != 3
                || !parts.get(0).equals(TicketForm.HEADER_BASE64)) {
            throw new InvalidTicketException("the ticket is malformed; log in again to get a fresh one");
        }
        checkSignature(parts.get(0) + "." + parts.get(1), parts.get(2));
        Ticket ticket = TicketForm.fromJson(decode(parts.get(1)));
        if (!clock.instant().isBefore(ticket.expiresAt())) {
            throw new InvalidTicketException("the ticket has expired; log in again to get a fresh one");
        }
        Duration longest = ticket.grants().contains(Ticket.Grant.STANDBY) ? Ticket.LONGEST_STANDBY : LONGEST_LIFE;
        if (ticket.expiresAt().isAfter(clock.instant().plus(longest))) {
            throw new InvalidTicketException(
                    "the ticket lives longer than " + longest + "; compare the clocks of platform and node");
        }
        return ticket;
    }

    private void checkSignature(String signed, String signatureBase64) {
        byte[] message = signed.getBytes(StandardCharsets.US_ASCII);
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, key);
        verifier.update(message, 0, message.length);
        if (!verifier.verifySignature(decode(signatureBase64))) {
            throw new InvalidTicketException("the ticket was not signed by this node's platform");
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new InvalidTicketException("the ticket is malformed; log in again to get a fresh one", e);
        }
    }
}
