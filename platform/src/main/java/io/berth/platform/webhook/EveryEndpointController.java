// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
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

/** The operators' webhooks over REST: they are told what happens in every tenant. */
@Tag(name = "webhooks")
@RestController
@RequestMapping("/api/v1/webhook-endpoints")
class EveryEndpointController {
    private final Desk desk;

    EveryEndpointController(Desk desk) {
        this.desk = desk;
    }

    private static Owner owner(Caller caller) {
        caller.requireOperator();
        return new Owner(null, "/api/v1/webhook-endpoints");
    }

    /** The answer has the secret, once: keep it, and verify messages with it by Standard Webhooks. */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Endpoint> create(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody EndpointWish body) {
        return desk.create(caller, owner(caller), key, body);
    }

    @GetMapping
    Page<Endpoint> list(@AuthenticationPrincipal Caller caller) {
        return desk.list(owner(caller));
    }

    @GetMapping("/{endpoint}")
    ResponseEntity<Endpoint> get(@AuthenticationPrincipal Caller caller, @PathVariable UUID endpoint) {
        return desk.get(owner(caller), endpoint);
    }

    /** All of it anew but the secret. One that the platform has disabled is enabled by this, too. */
    @PutMapping("/{endpoint}")
    ResponseEntity<Endpoint> change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID endpoint,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody EndpointWish body) {
        return desk.change(owner(caller), endpoint, ifMatch, body);
    }

    /** What it was still to be told goes with it. */
    @DeleteMapping("/{endpoint}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID endpoint,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        desk.delete(owner(caller), endpoint, ifMatch);
    }

    /** A new secret, shown once; for a day messages are signed with the old one, too. */
    @PostMapping("/{endpoint}/rotation")
    ResponseEntity<Endpoint> rotate(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID endpoint,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return desk.rotate(caller, owner(caller), key, endpoint);
    }

    /** Sends a message of no meaning. */
    @PostMapping("/{endpoint}/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Delivery> tryOut(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID endpoint,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return desk.tryOut(caller, owner(caller), key, endpoint);
    }

    /** What was sent or is to be; the newest first, for 30 days. */
    @GetMapping("/{endpoint}/deliveries")
    Page<Delivery> deliveries(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID endpoint,
            @RequestParam(required = false) Delivery.@Nullable State state,
            @RequestParam(required = false) @Nullable Long cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        return desk.deliveries(owner(caller), endpoint, state, cursor, limit);
    }

    /** How often a message was tried, and what came of it; the newest first. */
    @GetMapping("/{endpoint}/deliveries/{message}/attempts")
    Page<Delivery.Attempt> attempts(
            @AuthenticationPrincipal Caller caller, @PathVariable UUID endpoint, @PathVariable UUID message) {
        return desk.attempts(owner(caller), endpoint, message);
    }

    /** Sends a message again under its id, whatever became of it before. */
    @PostMapping("/{endpoint}/deliveries/{message}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Delivery> replay(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID endpoint,
            @PathVariable UUID message,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return desk.replay(caller, owner(caller), key, new Desk.Sent(endpoint, message));
    }
}
