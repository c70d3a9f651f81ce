// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.berth.platform.webhook.Desk.EndpointWish;
import io.berth.platform.webhook.Desk.Owner;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's webhooks over REST: what happens in it is told to endpoints that its owners name. */
@Tag(name = "webhooks")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/webhook-endpoints")
class EndpointController {
    private final Desk desk;
    private final TenantAccess access;

    EndpointController(Desk desk, TenantAccess access) {
        this.desk = desk;
        this.access = access;
    }

    private Owner owner(Caller caller, String tenant) {
        Tenant found = access.require(caller, tenant, Permission.MANAGE_ENDPOINTS);
        return new Owner(found.id(), "/api/v1/tenants/" + found.name() + "/webhook-endpoints");
    }

    /** The answer has the secret, once: keep it, and verify messages with it by Standard Webhooks. */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Endpoint> create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody EndpointWish body) {
        return desk.create(caller, owner(caller, tenant), key, body);
    }

    @GetMapping
    Page<Endpoint> list(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return desk.list(owner(caller, tenant));
    }

    @GetMapping("/{endpoint}")
    ResponseEntity<Endpoint> get(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID endpoint) {
        return desk.get(owner(caller, tenant), endpoint);
    }

    /** All of it anew but the secret. One that the platform has disabled is enabled by this, too. */
    @PutMapping("/{endpoint}")
    ResponseEntity<Endpoint> change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID endpoint,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody EndpointWish body) {
        return desk.change(owner(caller, tenant), endpoint, ifMatch, body);
    }

    /** What it was still to be told goes with it. */
    @DeleteMapping("/{endpoint}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID endpoint,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        desk.delete(owner(caller, tenant), endpoint, ifMatch);
    }

    /** A new secret, shown once; for a day messages are signed with the old one, too. */
    @PostMapping("/{endpoint}/rotation")
    ResponseEntity<Endpoint> rotate(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID endpoint,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return desk.rotate(caller, owner(caller, tenant), key, endpoint);
    }

    /** Sends a message of no meaning. */
    @PostMapping("/{endpoint}/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Delivery> tryOut(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID endpoint,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return desk.tryOut(caller, owner(caller, tenant), key, endpoint);
    }

    /** What was sent or is to be; the newest first, for 30 days. */
    @GetMapping("/{endpoint}/deliveries")
    Page<Delivery> deliveries(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID endpoint,
            @RequestParam(required = false) Delivery.@Nullable State state,
            @RequestParam(required = false) @Nullable Long cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        return desk.deliveries(owner(caller, tenant), endpoint, state, cursor, limit);
    }

    /** How often a message was tried, and what came of it; the newest first. */
    @GetMapping("/{endpoint}/deliveries/{message}/attempts")
    Page<Delivery.Attempt> attempts(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID endpoint,
            @PathVariable UUID message) {
        return desk.attempts(owner(caller, tenant), endpoint, message);
    }

    /** Sends a message again under its id, whatever became of it before. */
    @PostMapping("/{endpoint}/deliveries/{message}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Delivery> replay(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID endpoint,
            @PathVariable UUID message,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return desk.replay(caller, owner(caller, tenant), key, new Desk.Sent(endpoint, message));
    }
}
