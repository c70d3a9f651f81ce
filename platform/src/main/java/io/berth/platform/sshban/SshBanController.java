// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshban;

import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Bans over REST, for operators. A gateway holds to them within seconds and ends the connections that stand. */
@Tag(name = "ssh-bans")
@RestController
@RequestMapping("/api/v1")
class SshBanController {
    private static final Logger LOG = LoggerFactory.getLogger(SshBanController.class);
    private static final int MOST_REASON = 200;
    private static final String LINE = "[^\\x00-\\x1f\\x7f]*";

    private final SshBans bans;
    private final Idempotency idempotency;
    private final Clock clock;

    SshBanController(SshBans bans, Idempotency idempotency, Clock clock) {
        this.bans = bans;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    record NewBan(
            @NotNull @Size(max = 64) @Schema(description = "an address or a network", example = "192.0.2.0/24")
            String network,

            @NotNull
            @Size(min = 1, max = MOST_REASON)
            @Pattern(regexp = LINE)
            @Schema(description = "one line", example = "guesses keys all day")
            String reason,

            @Nullable @Schema(description = "left out: until it is lifted", example = "2099-01-01T00:00:00Z")
            Instant expiresAt) {}

    @GetMapping("/ssh-bans")
    Page<SshBan> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.LOOK);
        return Page.of(bans.list(cursor, limit), limit, ban -> ban.id().toString());
    }

    @GetMapping("/ssh-bans/{ban}")
    SshBan get(@AuthenticationPrincipal Caller caller, @PathVariable UUID ban) {
        caller.requireOperator(OperatorPower.LOOK);
        return bans.find(ban).orElseThrow(() -> ProblemException.notFound("ban", ban.toString()));
    }

    @PostMapping("/ssh-bans")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<SshBan> add(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewBan body) {
        caller.requireOperator(OperatorPower.HELP);
        BannedNetwork network = BannedNetwork.parse(body.network());
        Instant end = body.expiresAt();
        if (end != null && !end.isAfter(clock.instant())) {
            throw ProblemException.field("expiresAt", "expiresAt: is past; give a moment to come, or leave it out");
        }
        return idempotency.once(caller, key, "POST /ssh-bans", body, SshBan.class, () -> {
            SshBan ban = bans.add(network, body.reason(), end, caller);
            LOG.info(
                    "event=ssh-banned network={} until={} by={} reason=\"{}\"",
                    ban.network(),
                    end,
                    caller.userName(),
                    ban.reason());
            return ResponseEntity.created(URI.create("/api/v1/ssh-bans/" + ban.id()))
                    .body(ban);
        });
    }

    /** Lifts it. */
    @DeleteMapping("/ssh-bans/{ban}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void lift(@AuthenticationPrincipal Caller caller, @PathVariable UUID ban) {
        caller.requireOperator(OperatorPower.HELP);
        if (!bans.lift(ban)) {
            throw ProblemException.notFound("ban", ban.toString());
        }
        LOG.info("event=ssh-ban-lifted ban={} by={}", ban, caller.userName());
    }
}
