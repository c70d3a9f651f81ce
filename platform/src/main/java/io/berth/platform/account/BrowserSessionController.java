// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.BrowserSession;
import io.berth.platform.security.BrowserSessions;
import io.berth.platform.security.Caller;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Where the caller's own account is signed in by a browser. */
@Tag(name = "session")
@RestController
@RequestMapping("/api/v1/sessions")
class BrowserSessionController {
    private final BrowserSessions sessions;
    private final BrowserSession current;

    BrowserSessionController(BrowserSessions sessions, BrowserSession current) {
        this.sessions = sessions;
        this.current = current;
    }

    record Session(
            UUID id,
            String address,

            @Schema(description = "what the browser calls itself")
            String userAgent,

            Instant createdAt,
            @Schema(description = "to the minute") Instant lastSeenAt,

            @Schema(description = "whether it is the one that asks")
            boolean current) {}

    @GetMapping
    Page<Session> list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        caller.requireInPerson();
        UUID mine = current.id(request).orElse(null);
        return new Page<>(
                sessions.open(caller.userId()).stream()
                        .map(row -> new Session(
                                row.id(),
                                row.address(),
                                row.userAgent(),
                                row.createdAt(),
                                row.lastSeenAt(),
                                row.id().equals(mine)))
                        .toList(),
                null);
    }

    /** Its streams and terminals' connections end with it, within a second. */
    @DeleteMapping("/{session}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(@AuthenticationPrincipal Caller caller, @PathVariable UUID session) {
        caller.requireInPerson();
        if (!sessions.end(caller.userId(), session)) {
            throw ProblemException.notFound("session", session.toString());
        }
    }

    /** All but the one that asks. */
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void endOthers(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
        caller.requireInPerson();
        sessions.endAll(caller.userId(), current.id(request).orElse(null));
    }
}
