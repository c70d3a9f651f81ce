// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshlog;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What gateways tell. One that was taken over can tell lies of its own, and change nothing that was told before. */
@Tag(name = "gateway")
@RestController
@RequestMapping("/api/v1/gateway")
class GatewayReportController {
    private static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}";
    private static final String EXAMPLE = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final String ID = "019aa000-0000-7000-8000-000000000000";
    private static final int MOST = 1000; // of one report
    private static final int MOST_TEXT = 4096;

    private final SshEvents events;
    private final SshSessions sessions;

    GatewayReportController(SshEvents events, SshSessions sessions) {
        this.events = events;
        this.sessions = sessions;
    }

    /** @param gateway the fingerprint of its host key */
    record Happened(
            @NotNull @Pattern(regexp = FINGERPRINT) @Schema(example = EXAMPLE)
            String gateway,

            @NotNull @Size(max = MOST) @Valid List<NewEvent> events) {}

    record NewEvent(
            @NotNull @Schema(example = ID) UUID id,
            @NotNull Instant at,
            @NotNull SshEvent.Kind kind,
            @NotNull SshEvent.Outcome outcome,
            @Nullable @Size(max = 64) String tenant,
            @Nullable @Schema(example = ID) UUID session,
            @Nullable @Size(max = 128) String key,
            @Nullable @Size(max = MOST_TEXT) String userName,
            @NotNull @Size(max = 64) String source,
            @Nullable @Size(max = MOST_TEXT) String container,
            @Nullable @Size(max = 64) String guestUser,
            @Nullable @Size(max = MOST_TEXT) String what,
            @Nullable @Min(0) Long bytesIn,
            @Nullable @Min(0) Long bytesOut) {
        SshEvent event() {
            return new SshEvent(
                    id, at, kind, outcome, tenant, session, key, userName, source, container, guestUser, what, bytesIn,
                    bytesOut);
        }
    }

    @PostMapping("/events")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void happened(@Valid @RequestBody Happened body) {
        events.add(body.gateway(), body.events().stream().map(NewEvent::event).toList());
    }

    /** @param gateway the fingerprint of its host key */
    record Open(
            @NotNull @Pattern(regexp = FINGERPRINT) @Schema(example = EXAMPLE)
            String gateway,

            @NotNull @Size(max = MOST) @Valid List<OpenSession> sessions) {}

    record OpenSession(
            @NotNull @Schema(example = ID) UUID id,
            @NotNull @Size(max = 64) String tenant,
            @NotNull @Size(max = 64) String container,
            @NotNull @Size(max = 64) String guestUser,
            @NotNull @Size(min = 1, max = 32) String kind,
            @NotNull Boolean terminal,
            @NotNull @Size(max = 128) String key,
            @NotNull @Size(max = 64) String source,
            @NotNull Instant startedAt,
            @NotNull Instant activeAt,
            @NotNull @Min(0) Long bytesIn,
            @NotNull @Min(0) Long bytesOut) {
        SshSessions.Told told() {
            return new SshSessions.Told(
                    id, tenant, container, guestUser, kind, terminal, key, source, startedAt, activeAt, bytesIn,
                    bytesOut);
        }
    }

    /** @param kill sessions that are to end */
    record Orders(List<UUID> kill) {}

    @PostMapping("/sessions")
    Orders open(@Valid @RequestBody Open body) {
        return new Orders(sessions.report(
                body.gateway(), body.sessions().stream().map(OpenSession::told).toList()));
    }
}
