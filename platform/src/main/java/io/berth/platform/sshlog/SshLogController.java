// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshlog;

import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Open sessions, and what happened over SSH. */
@Tag(name = "ssh-sessions")
@RestController
@RequestMapping("/api/v1")
class SshLogController {
    private static final int MOST_NAME = 64;

    private final SshSessions sessions;
    private final SshEvents events;
    private final TenantAccess access;

    SshLogController(SshSessions sessions, SshEvents events, TenantAccess access) {
        this.sessions = sessions;
        this.events = events;
        this.access = access;
    }

    /** Newest first. */
    @GetMapping("/tenants/{tenant}/ssh-sessions")
    Page<SshSession> sessions(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable @Size(max = MOST_NAME) String container,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        UUID id = access.require(caller, tenant, Permission.READ).id();
        return Page.of(
                sessions.list(id, container, cursor, limit),
                limit,
                session -> session.id().toString());
    }

    /** It ends within two seconds; whoever sits there is told. */
    @DeleteMapping("/tenants/{tenant}/ssh-sessions/{session}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void kill(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID session) {
        sessions.kill(access.require(caller, tenant, Permission.WRITE).id(), session, caller.userId());
    }

    /** Newest first; kept for 400 days. They hold command lines, so they are for those who may read the audit. */
    @GetMapping("/tenants/{tenant}/ssh-events")
    Page<SshEvent> events(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable @Size(max = MOST_NAME) String container,
            @RequestParam(required = false) SshEvent.@Nullable Kind kind,
            @RequestParam(required = false) SshEvent.@Nullable Outcome outcome,
            @RequestParam(required = false) @Nullable UUID session,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        UUID id = access.require(caller, tenant, Permission.READ_AUDIT).id();
        return page(new SshEvents.Filter(id, container, kind, outcome, session, from, to, cursor), limit);
    }

    /** Of everybody and nobody, strangers' refused logins included; for operators. */
    @GetMapping("/ssh-events")
    Page<SshEvent> allEvents(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) SshEvent.@Nullable Kind kind,
            @RequestParam(required = false) SshEvent.@Nullable Outcome outcome,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.READ_AUDIT);
        return page(new SshEvents.Filter(null, null, kind, outcome, null, from, to, cursor), limit);
    }

    private Page<SshEvent> page(SshEvents.Filter filter, int limit) {
        return Page.of(events.list(filter, limit), limit, event -> event.id().toString());
    }
}
