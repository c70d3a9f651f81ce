// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.audit;

import io.berth.platform.paging.Page;
import io.berth.platform.paging.Place;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.berth.platform.trail.Outcome;
import io.berth.platform.trail.TrailEntry;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's part of the trail over REST, for those who manage it. */
@Tag(name = "audit")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/audit")
class TenantAuditController {
    private final AuditRows rows;
    private final AuditExport export;
    private final TenantAccess access;

    TenantAuditController(AuditRows rows, AuditExport export, TenantAccess access) {
        this.rows = rows;
        this.export = export;
        this.access = access;
    }

    /** Newest first, unless asked otherwise. */
    @GetMapping
    Page<TrailEntry> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable Outcome outcome,
            @RequestParam(required = false) @Nullable String path,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            @Parameter(description = "at; '-' before it turns it round") @RequestParam(defaultValue = "-at")
                    String sort,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        UUID id = access.require(caller, tenant, Permission.READ_AUDIT).id();
        var search = new AuditSearch(id, actor, outcome, path, since, until);
        Place<TrailEntry> place = AuditRows.ORDERS.place(sort, cursor);
        return place.page(rows.list(search, place, limit), limit);
    }

    @GetMapping("/export")
    void export(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(defaultValue = "JSON") AuditExport.Format format,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            HttpServletResponse response)
            throws IOException {
        UUID id = access.require(caller, tenant, Permission.READ_AUDIT).id();
        export.write(new AuditSearch(id, null, null, null, since, until), format, response);
    }
}
