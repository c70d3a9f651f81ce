// SPDX-License-Identifier: Apache-2.0
package io.berth.core.ticket;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Verifies tickets; the agent's half. Nothing of a ticket is parsed before its signature has been checked. */
public final class TicketVerifier {
    /** A ticket that claims to live longer than this is refused, whoever signed it. */
    static final Duration LONGEST_LIFE = Duration.ofMinutes(2);

    private static final int MOST_CHARACTERS = 4096;

    private final PublicKey key;
    private final Clock clock;

    /** @param key the platform's Ed25519 public key */
    public TicketVerifier(PublicKey key, Clock clock) {
        this.key = key;
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
        Ticket ticket = TicketForm.fromJson(Base64.getUrlDecoder().decode(parts.get(1)));
        if (!clock.instant().isBefore(ticket.expiresAt())) {
            throw new InvalidTicketException("the ticket has expired; log in again to get a fresh one");
        }
        if (ticket.expiresAt().isAfter(clock.instant().plus(LONGEST_LIFE))) {
            throw new InvalidTicketException(
                    "the ticket lives longer than " + LONGEST_LIFE + "; compare the clocks of platform and node");
        }
        return ticket;
    }

    private void checkSignature(String signed, String signatureBase64) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            if (!signature.verify(Base64.getUrlDecoder().decode(signatureBase64))) {
                throw new InvalidTicketException("the ticket was not signed by this node's platform");
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidTicketException("the ticket's signature is malformed", e);
        }
    }
}
