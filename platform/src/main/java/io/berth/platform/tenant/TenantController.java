// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.paging.Place;
import io.berth.platform.precondition.ContentTags;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Tenants over REST. */
@Tag(name = "tenants")
@RestController
@RequestMapping("/api/v1/tenants")
class TenantController {
    private final Tenants tenants;
    private final TenantAccess access;
    private final Idempotency idempotency;
    private final ContentTags tags;
    private final TransactionTemplate transaction;

    TenantController(
            Tenants tenants,
            TenantAccess access,
            Idempotency idempotency,
            ContentTags tags,
            TransactionTemplate transaction) {
        this.tenants = tenants;
        this.access = access;
        this.idempotency = idempotency;
        this.tags = tags;
        this.transaction = transaction;
    }

    record NewTenant(
            @NotNull @Schema(example = "demo", description = "1 to 32 of a-z, 0-9 and '-', beginning with a letter")
            String name,

            @Nullable
            @Schema(
                    description =
                            "the tenant to be below, whose quota it then uses; an owner of that one may ask for it, too")
            String parent) {}

    record TenantChange(
            @NotNull TenantState state,

            @Nullable
            @Schema(example = "invoice B-17 is unpaid", description = "why it is suspended; its members read it")
            @Pattern(regexp = Suspension.REASON, message = Suspension.REASON_WISH)
            String reason,

            @Nullable
            @Schema(
                    description =
                            "what becomes of its running containers while it is suspended; they run again after it",
                    defaultValue = "FREEZE")
            Hold containers) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Tenant> create(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewTenant body) {
        Tenant parent = parent(caller, body.parent());
        return idempotency.once(caller, key, "POST /tenants", body, Tenant.class, () -> {
            Tenant tenant = tenants.create(new TenantName(body.name()), parent);
            return ResponseEntity.created(URI.create("/api/v1/tenants/" + tenant.name()))
                    .body(tenant);
        });
    }

    private @Nullable Tenant parent(Caller caller, @Nullable String name) {
        if (name == null) {
            caller.requireOperator();
            return null;
        }
        Tenant parent;
        try {
            parent = access.require(caller, new TenantName(name).value(), Permission.MANAGE_OWNERS);
        } catch (InvalidSpecException e) {
            throw ProblemException.field("parent", "parent: " + e.getMessage());
        } catch (ProblemException e) {
            throw e.kind() == ProblemKind.NOT_FOUND ? ProblemException.field("parent", "parent: " + e.getMessage()) : e;
        }
        if (parent.parent() != null) {
            throw ProblemException.field(
                    "parent", "parent: '" + name + "' is below another tenant itself; name one that is not");
        }
        return parent;
    }

    @GetMapping
    Page<Tenant> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable TenantState state,
            @Parameter(description = "the tenant that they are below") @RequestParam(required = false) @Nullable
                    String parent,
            @Parameter(description = "name or createdAt; '-' before it turns it round")
                    @RequestParam(defaultValue = "name")
                    String sort,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Place<Tenant> place = Tenants.ORDERS.place(sort, cursor);
        return place.page(tenants.list(caller, new Tenants.Filter(state, parent), place, limit), limit);
    }

    @GetMapping("/{tenant}")
    ResponseEntity<Tenant> get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return tags.answer(access.require(caller, tenant, Permission.READ));
    }

    /** Suspends a tenant and those below it, or takes that back: nobody logs in meanwhile, nothing runs, everything is kept. */
    @PatchMapping("/{tenant}")
    ResponseEntity<Tenant> change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody TenantChange change) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        caller.requireOperator();
        return tags.answer(Objects.requireNonNull(transaction.execute(status -> {
            Tenant present = tenants.lock(found.id());
            tags.require(ifMatch, present, "tenant '" + present.name() + "'");
            Trail.before(present);
            return changed(caller, present, change);
        })));
    }

    private Tenant changed(Caller caller, Tenant present, TenantChange change) {
        return switch (change.state()) {
            case SUSPENDED -> {
                Hold hold = Objects.requireNonNullElse(change.containers(), Hold.FREEZE);
                yield tenants.suspend(present.id(), hold, change.reason(), caller);
            }
            case ACTIVE -> {
                requireNothingMore(change);
                yield tenants.resume(present.id());
            }
        };
    }

    private static void requireNothingMore(TenantChange change) {
        String more = change.reason() != null ? "reason" : change.containers() != null ? "containers" : null;
        if (more != null) {
            throw ProblemException.field(more, more + ": goes with the state SUSPENDED alone");
        }
    }

    /** At once, and for good: one that has neither containers nor tenants below. */
    @DeleteMapping("/{tenant}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        caller.requireOperator();
        Trail.before(found);
        tenants.delete(found);
    }
}
