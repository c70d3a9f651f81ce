// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.terminal;

import io.berth.core.protocol.Reply;
import io.berth.core.spec.GuestUser;
import io.berth.platform.container.ContainerEntries;
import io.berth.platform.container.ContainerEntry;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.security.Standing;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Terminals over REST; their bytes go over a WebSocket at /api/v1/terminals/ID. Its first message is {"ticket": "…"}; then binary messages
 * are the terminal's bytes, beginning with what was kept, and text messages are JSON: resize to the server; attached (after what was kept),
 * exited and error from it.
 */
@Tag(name = "terminals")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}/terminals")
class TerminalController {
    private static final GuestUser ROOT = new GuestUser("root");
    private static final int DEFAULT_COLUMNS = 80; // what a terminal is where nobody says
    private static final int DEFAULT_ROWS = 24;

    private final ContainerEntries containers;
    private final Terminals terminals;
    private final TerminalTickets tickets;

    TerminalController(ContainerEntries containers, Terminals terminals, TerminalTickets tickets) {
        this.containers = containers;
        this.terminals = terminals;
        this.tickets = tickets;
    }

    record NewTerminal(
            @Nullable @Min(1) @Max(TerminalSize.MOST) @Schema(defaultValue = "80", example = "80")
            Integer columns,

            @Nullable @Min(1) @Max(TerminalSize.MOST) @Schema(defaultValue = "24", example = "24")
            Integer rows,

            @Nullable
            @Schema(
                    description = "whose login it is, by the container's own passwd",
                    defaultValue = "root",
                    example = "root")
            String user) {
        TerminalSize size() {
            return new TerminalSize(
                    Objects.requireNonNullElse(columns, DEFAULT_COLUMNS),
                    Objects.requireNonNullElse(rows, DEFAULT_ROWS));
        }

        GuestUser guestUser() {
            return user == null ? ROOT : new GuestUser(user);
        }
    }

    /** A terminal of the caller's. */
    @Schema(name = "Terminal")
    record Shown(
            UUID id,
            String tenant,
            @Schema(description = "the container's id") UUID container,
            String containerName,
            String user,
            int columns,
            int rows,
            Instant createdAt,

            @Schema(description = "since when no window shows it; it is ended 10 minutes later") @Nullable
            Instant detachedAt,

            @Schema(description = "null while its shell runs") @Nullable
            Integer exitStatus,

            @Schema(description = "opens its connection once, within 30 seconds; shown this once") @Nullable
            String ticket,

            @Nullable Instant ticketExpiresAt) {
        static Shown of(Terminal terminal, TerminalTickets.@Nullable Ticket ticket) {
            Terminal.Opening opening = terminal.opening();
            Reply.Exited exit = terminal.exit();
            return new Shown(
                    opening.id(),
                    opening.container().tenant().value(),
                    opening.container().id().value(),
                    opening.container().name(),
                    opening.user().value(),
                    terminal.size().columns(),
                    terminal.size().rows(),
                    opening.at(),
                    terminal.detachedAt(),
                    exit == null ? null : ExitCode.of(exit),
                    ticket == null ? null : ticket.text(),
                    ticket == null ? null : ticket.expiresAt());
        }

        @Override
        public String toString() {
            return "Shown[" + id + "]";
        }
    }

    /** What opens a terminal's connection. */
    @Schema(name = "TerminalTicket")
    record NewTicket(
            @Schema(description = "for the first message of the connection, once")
            String ticket,

            Instant expiresAt) {
        @Override
        public String toString() {
            return "NewTicket[" + expiresAt + "]";
        }
    }

    /** Begins a login shell. It ends when its owner may not change the container any more, or signs out. */
    @PostMapping
    ResponseEntity<Shown> open(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @Valid @RequestBody NewTerminal body,
            HttpServletRequest request) {
        GuestUser user = body.guestUser();
        TerminalSize size = body.size();
        ContainerEntry entry = containers.enter(caller, tenant, container);
        Terminal terminal = terminals.open(caller, Standing.of(request), entry, user, size);
        UUID id = terminal.opening().id();
        return ResponseEntity.created(URI.create(
                        "/api/v1/tenants/" + entry.tenant() + "/containers/" + entry.id() + "/terminals/" + id))
                .body(Shown.of(terminal, tickets.issue(id)));
    }

    /** The caller's own, oldest first. */
    @GetMapping
    Page<Shown> list(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        ContainerEntry entry = containers.find(caller, tenant, container);
        return new Page<>(
                terminals.list(caller, entry).stream()
                        .map(terminal -> Shown.of(terminal, null))
                        .toList(),
                null);
    }

    @GetMapping("/{terminal}")
    Shown get(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable UUID terminal) {
        return Shown.of(find(caller, tenant, container, terminal), null);
    }

    /** For another connection to it; the one that there is ends once the ticket is used. */
    @PostMapping("/{terminal}/tickets")
    @ResponseStatus(HttpStatus.CREATED)
    NewTicket ticket(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable UUID terminal) {
        Terminal found = find(caller, tenant, container, terminal);
        TerminalTickets.Ticket ticket = tickets.issue(found.opening().id());
        return new NewTicket(ticket.text(), ticket.expiresAt());
    }

    /** Hangs it up. */
    @DeleteMapping("/{terminal}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable UUID terminal) {
        terminals.end(
                find(caller, tenant, container, terminal),
                new ProblemException(ProblemKind.CONFLICT, "the terminal was ended; open another"));
    }

    private Terminal find(Caller caller, String tenant, String container, UUID id) {
        ContainerEntry entry = containers.find(caller, tenant, container);
        return terminals
                .find(caller, id)
                .filter(it -> it.opening().container().id().equals(entry.id()))
                .orElseThrow(() -> ProblemException.notFound("terminal", id.toString()));
    }
}
