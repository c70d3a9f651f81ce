// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.Decision.SessionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The sessions that are open here. */
final class LiveSessions {
    private final ConcurrentMap<UUID, LiveSession> sessions = new ConcurrentHashMap<>();

    /** @return null once it is in; otherwise why there is no room for it */
    synchronized @Nullable String admit(LiveSession session, SessionPolicy policy) {
        String tenant = session.facts().tenant();
        String container = session.facts().container();
        Integer most = policy.tenantSessions();
        if (most != null && count(tenant, null) >= most) {
            return "tenant '" + tenant + "' has " + most
                    + " sessions open, as many as it may; end some, 'ssh lobby@HOST sessions' lists them";
        }
        most = policy.containerSessions();
        if (most != null && count(tenant, container) >= most) {
            return "container '" + container + "' has " + most
                    + " sessions open, as many as it may; end some, 'ssh lobby@HOST sessions' lists them";
        }
        sessions.put(session.facts().id(), session);
        return null;
    }

    private long count(String tenant, @Nullable String container) {
        return sessions.values().stream()
                .map(LiveSession::facts)
                .filter(facts -> facts.tenant().equals(tenant))
                .filter(facts -> container == null || facts.container().equals(container))
                .count();
    }

    void remove(LiveSession session) {
        sessions.remove(session.facts().id());
    }

    List<LiveSession> all() {
        return List.copyOf(sessions.values());
    }

    void kill(UUID id) {
        LiveSession session = sessions.get(id);
        if (session != null) {
            session.end(Banner.of("this session was ended by somebody of tenant '"
                    + session.facts().tenant() + "'"));
        }
    }

    void endIdle(Instant now) {
        for (LiveSession session : all()) {
            Duration idle = session.facts().idle();
            if (idle != null && session.activeAt().plus(idle).isBefore(now)) {
                session.end(Banner.of("this session was idle for " + idle.toMinutes() + " minutes, and so it ends"));
            }
        }
    }
}
