// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.account;

import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.security.Scope;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
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
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** One's own API tokens over REST. */
@Tag(name = "tokens")
@RestController
@RequestMapping("/api/v1/tokens")
class TokenController {
    private final Tokens tokens;
    private final TenantAccess access;
    private final Idempotency idempotency;
    private final Clock clock;

    TokenController(Tokens tokens, TenantAccess access, Idempotency idempotency, Clock clock) {
        this.tokens = tokens;
        this.access = access;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    record NewToken(
            @NotNull @Size(min = 1, max = 64) String name,
            @NotEmpty Set<Scope> scopes,
            @Nullable String tenant,
            @Nullable Instant expiresAt) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Token> create(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewToken body) {
        caller.requireInPerson();
        caller.requireFresh();
        if (body.tenant() == null) {
            access.requireSecondFactorOfAll(caller);
        }
        Tokens.Wish wish = wish(caller, body);
        return idempotency.once(
                new Idempotency.Request<>(caller, key, "POST /tokens", body, Token.class),
                () -> {
                    Token token = tokens.create(caller.userId(), wish);
                    return ResponseEntity.created(URI.create("/api/v1/tokens/" + token.id()))
                            .body(token);
                },
                token -> token.withSecret(null));
    }

    private Tokens.Wish wish(Caller caller, NewToken body) {
        Instant expiresAt = body.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw ProblemException.field("expiresAt", "expiresAt: choose a time that is still to come");
        }
        if (body.scopes().contains(Scope.ADMIN) && !caller.operates(OperatorPower.LOOK)) {
            throw ProblemException.field(
                    "scopes",
                    "scopes: ADMIN is an operator's, with the second factor that the platform demands; ask for READ or WRITE");
        }
        String tenant = body.tenant();
        UUID tenantId = tenant == null ? null : tenantId(caller, tenant);
        return new Tokens.Wish(body.name(), body.scopes(), tenantId, expiresAt);
    }

    private UUID tenantId(Caller caller, String tenant) {
        try {
            return access.require(caller, tenant, Permission.READ).id();
        } catch (ProblemException e) {
            throw ProblemException.field("tenant", "tenant: " + e.getMessage());
        }
    }

    @GetMapping
    Page<Token> list(@AuthenticationPrincipal Caller caller) {
        caller.requireInPerson();
        return new Page<>(tokens.list(caller.userId(), null), null);
    }

    @DeleteMapping("/{token}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@AuthenticationPrincipal Caller caller, @PathVariable UUID token) {
        caller.requireInPerson();
        tokens.revoke(caller.userId(), token);
    }
}
