// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was used, over REST. */
@Tag(name = "metering")
@RestController
@RequestMapping("/api/v1")
class MeteringController {
    private static final long MOST_SKIPPED = 1_000_000;

    private final UsageTables usage;
    private final Meters meters;
    private final TenantAccess access;
    private final Clock clock;

    MeteringController(UsageTables usage, Meters meters, TenantAccess access, Clock clock) {
        this.usage = usage;
        this.meters = meters;
        this.access = access;
        this.clock = clock;
    }

    /** Whose usage an item of the answer is. */
    enum Grouping {
        /** All of the tenant's containers together. */
        TENANT,
        /** Each container by itself. */
        CONTAINER
    }

    /**
     * By hour or day, UTC: periods that begin in the time from {@code from}, inclusive, to {@code to}, exclusive; this month when left out. Containers that were
     * deleted are in it. It lags by a few minutes.
     */
    @GetMapping("/tenants/{tenant}/usage")
    Page<UsagePeriod> usage(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = "DAY") Resolution resolution,
            @RequestParam(required = false) @Nullable UUID container,
            @RequestParam(defaultValue = "TENANT") Grouping by,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        if (container != null) {
            requireOwn(found, container);
        }
        var question = new UsageTables.Question(
                found, Span.of(from, to, clock), resolution, container, by == Grouping.CONTAINER);
        return Page.of(
                usage.periods(question, PeriodCursor.parse(cursor), limit),
                limit,
                last -> PeriodCursor.of(last).toString());
    }

    private void requireOwn(Tenant tenant, UUID container) {
        if (!usage.has(tenant, container)) {
            throw ProblemException.notFound("container", container.toString());
        }
    }

    /** The samples behind a period of usage: what the kernel said each minute, and what of it was counted. They are kept for 40 days. */
    @GetMapping("/tenants/{tenant}/usage/samples")
    Page<UsageSample> samples(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable UUID container,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = "0") @Min(0) @Max(MOST_SKIPPED) long cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Tenant found = access.require(caller, tenant, Permission.READ);
        if (container == null) {
            throw ProblemException.field("container", "container: whose samples? Give a container's id");
        }
        requireOwn(found, container);
        List<UsageSample> page = usage.samples(container, Span.of(from, to, clock), cursor, limit);
        return Page.of(page, limit, last -> Long.toString(cursor + limit));
    }

    /** How far each node's rounds are counted, and which were lost. */
    @GetMapping("/metering/nodes")
    Page<Meters.Meter> nodes(@AuthenticationPrincipal Caller caller) {
        caller.requireOperator(OperatorPower.LOOK);
        return new Page<>(meters.list(), null);
    }
}
