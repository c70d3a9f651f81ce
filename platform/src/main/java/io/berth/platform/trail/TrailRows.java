// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.trail;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Writes entries. */
@Component
class TrailRows {
    private static final int MOST_PATH_CHARACTERS = 512; // longer than any path of ours

    private final JdbcClient jdbc;
    private final Redaction redaction;
    private final JsonMapper json;
    private final Clock clock;

    TrailRows(JdbcClient jdbc, Redaction redaction, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.redaction = redaction;
        this.json = json;
        this.clock = clock;
    }

    /** @param status null while the answer is still to be given */
    void write(HttpServletRequest request, Outcome outcome, @Nullable Integer status) {
        write(entry(request, outcome, status));
    }

    void write(TrailEntry entry) {
        jdbc.sql("""
                        insert into audit_entries (id, at, actor, tenant_id, method, path, outcome, content)
                        values (:id, :at, :actor, :tenant, :method, :path, :outcome, :content)
                        """)
                .param("id", entry.id())
                .param("at", entry.at().atOffset(ZoneOffset.UTC))
                .param("actor", entry.actor())
                .param("tenant", entry.tenantId())
                .param("method", entry.method())
                .param("path", entry.path())
                .param("outcome", entry.outcome().name())
                .param("content", json.writeValueAsString(entry))
                .update();
    }

    private TrailEntry entry(HttpServletRequest request, Outcome outcome, @Nullable Integer status) {
        Caller caller = request.getAttribute(Caller.ATTRIBUTE) instanceof Caller known ? known : null;
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as PostgreSQL keeps it
        UUID tenant = Trail.tenant(request);
        return new TrailEntry(
                UuidCreator.getTimeOrderedEpoch(),
                now,
                caller == null ? null : caller.userId(),
                caller == null ? null : caller.userName(),
                caller == null ? null : caller.kind().name(),
                request.getRemoteAddr(),
                tenant == null ? null : tenantName(request),
                tenant,
                request.getMethod(),
                path(request),
                outcome,
                status,
                caller == null && outcome != Outcome.DONE ? null : redaction.of(Trail.asked(request)),
                redaction.of(Trail.before(request)),
                redaction.of(Trail.after(request)));
    }

    private static @Nullable String tenantName(HttpServletRequest request) {
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                        && variables.get("tenant") instanceof String name
                ? name
                : null;
    }

    private static String path(HttpServletRequest request) {
        String path = String.valueOf(request.getRequestURI()).replace("\0", "");
        return path.length() <= MOST_PATH_CHARACTERS ? path : path.substring(0, MOST_PATH_CHARACTERS);
    }
}
