// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
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
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's invitations over REST: how its owners and admins let people in without knowing which accounts there are. */
@Tag(name = "members")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/invitations")
class InvitationController {
    private static final int DEFAULT_DAYS = 7;
    private static final int MOST_DAYS = 30;

    private final Invitations invitations;
    private final TenantAccess access;
    private final Idempotency idempotency;

    InvitationController(Invitations invitations, TenantAccess access, Idempotency idempotency) {
        this.invitations = invitations;
        this.access = access;
        this.idempotency = idempotency;
    }

    record NewInvitation(
            @NotNull Role role,

            @Schema(description = "how long it is good, 7 when left out") @Nullable @Min(1) @Max(MOST_DAYS)
            Integer days) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Invitation> create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewInvitation body) {
        caller.requireInPerson();
        Tenant found = access.require(
                caller, tenant, body.role() == Role.OWNER ? Permission.MANAGE_OWNERS : Permission.MANAGE_MEMBERS);
        Duration life = Duration.ofDays(Objects.requireNonNullElse(body.days(), DEFAULT_DAYS));
        return idempotency.once(
                new Idempotency.Request<>(caller, key, "POST /invitations " + found.id(), body, Invitation.class),
                () -> ResponseEntity.status(HttpStatus.CREATED)
                        .body(invitations.create(caller, found, body.role(), life)),
                invitation -> invitation.withSecret(null));
    }

    /** Newest first, used and void ones too. */
    @GetMapping
    Page<Invitation> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Tenant found = access.require(caller, tenant, Permission.MANAGE_MEMBERS);
        return Page.of(
                invitations.list(found, cursor, limit), limit, it -> it.id().toString());
    }

    @DeleteMapping("/{invitation}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID invitation) {
        invitations.revoke(access.require(caller, tenant, Permission.MANAGE_MEMBERS), invitation);
    }
}
