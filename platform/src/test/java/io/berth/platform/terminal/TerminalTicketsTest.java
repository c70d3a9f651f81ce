// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TerminalTicketsTest {
    private final UUID terminal = UUID.randomUUID();
    private Instant now = Instant.parse("2026-11-26T02:00:00Z");
    private final TerminalTickets tickets = new TerminalTickets(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void aTicketOpensItsTerminalOnce() {
        String ticket = tickets.issue(terminal).text();
        assertThat(tickets.redeem(UUID.randomUUID(), ticket)).isFalse();
        assertThat(tickets.redeem(terminal, ticket)).isTrue();
        assertThat(tickets.redeem(terminal, ticket)).isFalse();
    }

    @Test
    void aWrongOneSpendsTheRightOne() {
        String ticket = tickets.issue(terminal).text();
        assertThat(tickets.redeem(terminal, ticket + "x")).isFalse();
        assertThat(tickets.redeem(terminal, ticket)).isFalse();
    }

    @Test
    void itLastsHalfAMinute() {
        String late = tickets.issue(terminal).text();
        now = now.plus(Duration.ofSeconds(30));
        assertThat(tickets.redeem(terminal, late)).isFalse();
        String inTime = tickets.issue(terminal).text();
        now = now.plus(Duration.ofSeconds(29));
        assertThat(tickets.redeem(terminal, inTime)).isTrue();
    }

    @Test
    void aNewerOneVoidsTheOlderAndNoneIsShown() {
        TerminalTickets.Ticket older = tickets.issue(terminal);
        TerminalTickets.Ticket newer = tickets.issue(terminal);
        assertThat(newer.toString()).doesNotContain(newer.text());
        assertThat(tickets.redeem(terminal, older.text())).isFalse();
    }
}
