// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AttachedProcess;
import io.berth.gateway.audit.AuditEvent.Outcome;
import io.berth.gateway.audit.AuditEvent.Where;
import io.berth.gateway.audit.AuditEvent.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What those who find a channel its process have in common.
 *
 * @param seat what the session is counted by
 * @param eviction ends the session from here
 */
record Reception(
        SessionChannel channel, Relays relays, Wanted wanted, Words words, Seat seat, Consumer<Banner> eviction) {
    SessionRequest request() {
        return words.request();
    }

    Watch watch() {
        return relays.watch();
    }

    Logger log() {
        return watch().log();
    }

    LiveSession opened(Who who, Where where, String kind, boolean terminal, Decision.SessionPolicy policy) {
        Integer idle = policy.idleSeconds();
        return new LiveSession(
                new LiveSession.Facts(
                        Objects.requireNonNull(where.session()),
                        who,
                        Objects.requireNonNull(who.tenant()),
                        Objects.requireNonNull(where.container()),
                        Objects.requireNonNull(where.guestUser()),
                        kind,
                        terminal,
                        Instant.now(),
                        idle == null ? null : Duration.ofSeconds(idle)),
                eviction);
    }

    @Nullable
    AttachedProcess refused(Banner banner) {
        refuse(banner.line(), Relay.REFUSED);
        return null;
    }

    void refuse(String line, int status) {
        if (channel.isClosing()) {
            return; // nobody is there to be told
        }
        Login login = channel.getSession().getAttribute(Login.KEY);
        if (login != null) {
            watch().note(
                            wanted.event(),
                            status == Relay.OUR_FAILURE ? Outcome.FAILED : Outcome.REFUSED,
                            Watch.who(login, tenant(login.first())),
                            new Where(container(login.first()), null, null),
                            line);
        }
        log().info("event=session-refused status={} message='{}' session={}", status, line, channel.getSession());
        words.last(line, status);
    }

    private static @Nullable String tenant(Decision decision) {
        return switch (decision) {
            case Decision.Admitted admitted -> admitted.tenant().value();
            case Decision.Lobby lobby -> lobby.tenant().value();
            default -> null;
        };
    }

    private static @Nullable String container(Decision decision) {
        return decision instanceof Decision.Admitted admitted ? admitted.container() : null;
    }
}
