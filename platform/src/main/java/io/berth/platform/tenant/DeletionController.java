// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.tenant;

import io.berth.platform.security.Caller;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Deleting a tenant with all that it has, after a time in which that can be undone; for operators. */
@Tag(name = "tenants")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/deletion")
class DeletionController {
    private static final int DEFAULT_DAYS = 30;
    private static final int MOST_DAYS = 365;

    private final Tenants tenants;
    private final TenantAccess access;

    DeletionController(Tenants tenants, TenantAccess access) {
        this.tenants = tenants;
        this.access = access;
    }

    record DeletionWish(
            @Nullable
            @Schema(example = "the contract has ended", description = "why; its members read it")
            @Pattern(regexp = Suspension.REASON, message = Suspension.REASON_WISH)
            String reason,

            @Nullable
            @Min(0)
            @Max(MOST_DAYS)
            @Schema(description = "how long it can be undone, 30 when left out; with 0 it begins at once")
            Integer graceDays) {}

    /** Stops its containers and lets nobody in; when the time is over, containers, keys and members go. Invoices and the audit stay. */
    @PutMapping
    Tenant ask(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @Valid @RequestBody DeletionWish body) {
        Tenant found = asked(caller, tenant);
        Duration grace = Duration.ofDays(Objects.requireNonNullElse(body.graceDays(), DEFAULT_DAYS));
        return tenants.deleteLater(found.id(), grace, body.reason(), caller);
    }

    /** Everything is as it was before; while the time is not over. */
    @DeleteMapping
    Tenant undo(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return tenants.keep(asked(caller, tenant));
    }

    private Tenant asked(Caller caller, String tenant) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        caller.requireOperator();
        caller.requireFresh();
        Trail.before(found);
        return found;
    }
}
