// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Whether a tenant's terminals are recorded: by its own wish, or by an operator's rule, which it can't lift. */
@Tag(name = "recordings")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}")
class RecordingPolicyController {
    private static final int MOST_DAYS = 3650;

    private final RecordingPolicies policies;
    private final TenantAccess access;

    RecordingPolicyController(RecordingPolicies policies, TenantAccess access) {
        this.policies = policies;
        this.access = access;
    }

    /** @param keepDays 90 where it is left out */
    @Schema(name = "RecordingPolicyWish")
    record Wishes(
            @NotNull @Schema(description = "whether terminals are recorded")
            Boolean record,

            @NotNull @Schema(description = "whether what is typed is kept too, where the terminal echoes it")
            Boolean input,

            @Nullable @Min(1) @Max(MOST_DAYS) @Schema(description = "how long they are kept", example = "90")
            Integer keepDays) {}

    @Schema(name = "RecordingRuleWish")
    record NewRule(
            @NotNull @Schema(description = "sessions that can't be recorded are refused")
            Boolean required,

            @NotNull Boolean input,
            @NotNull @Min(1) @Max(MOST_DAYS) Integer keepDays,

            @NotNull @Min(1) @Schema(description = "what the tenant's recordings take at most")
            Long mostBytes) {}

    @GetMapping("/recording-policy")
    RecordingPolicy get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return policies.of(access.require(caller, tenant, Permission.READ).id());
    }

    /** The tenant's own wish. */
    @PutMapping("/recording-policy")
    @Transactional
    RecordingPolicy put(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @Valid @RequestBody Wishes body) {
        UUID id = access.require(caller, tenant, Permission.MANAGE_RECORDINGS).id();
        Trail.before(policies.of(id));
        policies.wish(id, body, caller.userId());
        return after(id);
    }

    /** An operator's rule, for the tenant and those below it. */
    @PutMapping("/recording-rule")
    @Transactional
    RecordingPolicy rule(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @Valid @RequestBody NewRule body) {
        UUID id = operated(caller, tenant);
        Trail.before(policies.of(id));
        policies.rule(id, body, caller.userId());
        return after(id);
    }

    /** What was recorded by it stays for as long as the tenant's own policy says, and is the tenant's to delete. */
    @DeleteMapping("/recording-rule")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    void lift(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        UUID id = operated(caller, tenant);
        Trail.before(policies.of(id));
        policies.lift(id);
        after(id);
    }

    private UUID operated(Caller caller, String tenant) {
        caller.requireOperator();
        Tenant found = access.require(caller, tenant, Permission.MANAGE_RECORDINGS);
        return found.id();
    }

    private RecordingPolicy after(UUID tenant) {
        RecordingPolicy now = policies.of(tenant);
        Trail.after(now);
        return now;
    }
}
