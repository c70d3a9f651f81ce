// SPDX-License-Identifier: Apache-2.0
package io.berth.core.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.TenantName;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TicketTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final KeyPair keys = keys();
    private final TicketVerifier verifier = new TicketVerifier(keys.getPublic(), Clock.fixed(NOW, ZoneOffset.UTC));
    private final Ticket ticket = ticket(NOW.plusSeconds(60));
    private final String signed = new TicketSigner(keys.getPrivate()).sign(ticket);

    @Test
    void whatWasSignedComesBack() {
        assertThat(verifier.verify(signed)).isEqualTo(ticket);
    }

    @Test
    void anotherKeysTicketIsRefused() {
        String forged = new TicketSigner(keys().getPrivate()).sign(ticket);
        assertThatThrownBy(() -> verifier.verify(forged)).hasMessageContaining("not signed by this node's platform");
    }

    @Test
    void changedStatementIsRefused() {
        String[] parts = signed.split("\\.", -1);
        String other =
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).replace("root", "toor");
        String changed = parts[0] + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(other.getBytes(StandardCharsets.UTF_8)) + "."
                + parts[2];
        assertThatThrownBy(() -> verifier.verify(changed)).isInstanceOf(InvalidTicketException.class);
    }

    @Test
    void anotherAlgorithmIsRefusedWhateverIsSigned() {
        String[] parts = signed.split("\\.", -1);
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> verifier.verify(none + "." + parts[1] + ".")).hasMessageContaining("malformed");
    }

    @Test
    void expiredAndOverlongTicketsAreRefused() {
        TicketSigner signer = new TicketSigner(keys.getPrivate());
        assertThatThrownBy(() -> verifier.verify(signer.sign(ticket(NOW)))).hasMessageContaining("expired");
        assertThatThrownBy(() -> verifier.verify(signer.sign(ticket(NOW.plus(Duration.ofHours(1))))))
                .hasMessageContaining("clocks");
    }

    @Test
    void standbyTicketLivesLongerAndNotForEver() {
        TicketSigner signer = new TicketSigner(keys.getPrivate());
        Set<Ticket.Grant> grants = Set.of(Ticket.Grant.SHELL, Ticket.Grant.STANDBY);
        Ticket hours = ticket(NOW.plus(Ticket.LONGEST_STANDBY), grants);
        assertThat(verifier.verify(signer.sign(hours))).isEqualTo(hours);
        assertThatThrownBy(() -> verifier.verify(
                        signer.sign(ticket(NOW.plus(Ticket.LONGEST_STANDBY).plusMillis(1), grants))))
                .hasMessageContaining("clocks");
        assertThatThrownBy(() -> verifier.verify(signer.sign(ticket(NOW, grants))))
                .hasMessageContaining("expired");
    }

    @Test
    void rubbishIsRefused() {
        for (String text : new String[] {"", ".", "..", "a.b.c", signed + ".x", "x".repeat(10_000)}) {
            assertThatThrownBy(() -> verifier.verify(text)).as(text).isInstanceOf(InvalidTicketException.class);
        }
    }

    private static Ticket ticket(Instant expiresAt) {
        return ticket(expiresAt, Set.of(Ticket.Grant.SHELL));
    }

    private static Ticket ticket(Instant expiresAt, Set<Ticket.Grant> grants) {
        return new Ticket(
                new TenantName("acme"),
                new ContainerId(UUID.fromString("0193aaaa-0000-7000-8000-000000000001")),
                new GuestUser("root"),
                grants,
                "SHA256:abc",
                expiresAt);
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
