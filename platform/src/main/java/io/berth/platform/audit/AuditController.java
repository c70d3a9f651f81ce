// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.audit;

import io.berth.platform.paging.Page;
import io.berth.platform.paging.Place;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.trail.AuditChain;
import io.berth.platform.trail.ChainLink;
import io.berth.platform.trail.Outcome;
import io.berth.platform.trail.TrailEntry;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The whole trail over REST, for operators. */
@Tag(name = "audit")
@RestController
@RequestMapping("/api/v1/audit")
class AuditController {
    private final AuditRows rows;
    private final AuditExport export;
    private final AuditChain chain;

    AuditController(AuditRows rows, AuditExport export, AuditChain chain) {
        this.rows = rows;
        this.export = export;
        this.chain = chain;
    }

    /**
     * What recomputing the chain found.
     *
     * @param head keep it elsewhere: a later verification must have it still
     * @param firstBroken the number of the first link that is not what it should be, null for none
     */
    record Verification(
            ChainLink head,

            @Schema(description = "null: the chain is whole") @Nullable
            Long firstBroken) {}

    /** Newest first, unless asked otherwise. */
    @GetMapping
    Page<TrailEntry> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable Outcome outcome,
            @RequestParam(required = false) @Nullable String path,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            @Parameter(description = "at; '-' before it turns it round") @RequestParam(defaultValue = "-at")
                    String sort,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.READ_AUDIT);
        var search = new AuditSearch(null, actor, outcome, path, since, until);
        Place<TrailEntry> place = AuditRows.ORDERS.place(sort, cursor);
        return place.page(rows.list(search, place, limit), limit);
    }

    @GetMapping("/export")
    void export(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "JSON") AuditExport.Format format,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            HttpServletResponse response)
            throws IOException {
        caller.requireOperator(OperatorPower.READ_AUDIT);
        export.write(new AuditSearch(null, null, null, null, since, until), format, response);
    }

    /** Recomputes every hash; entries of the last second may still be without one. */
    @GetMapping("/verification")
    Verification verify(@AuthenticationPrincipal Caller caller) {
        caller.requireOperator(OperatorPower.READ_AUDIT);
        ChainLink head = chain.head();
        return new Verification(head, chain.firstBroken());
    }
}
