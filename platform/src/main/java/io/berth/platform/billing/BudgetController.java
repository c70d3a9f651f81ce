// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
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
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * A tenant's budget over REST. Its owners set it, also while it holds them; that of a tenant below another is the owners' of the one above,
 * who pay.
 */
@Tag(name = "billing")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/budget")
class BudgetController {
    private static final List<Integer> USUAL_ALERTS = List.of(50, 80, 100);

    private final Budgets budgets;
    private final TenantAccess access;
    private final TransactionTemplate transaction;

    BudgetController(Budgets budgets, TenantAccess access, TransactionTemplate transaction) {
        this.budgets = budgets;
        this.access = access;
        this.transaction = transaction;
    }

    /** All of it anew. */
    record NewBudget(
            @NotNull
            @Schema(example = "EUR", description = "plans in another one don't count")
            @Pattern(regexp = "[A-Z]{3}", message = "write three capital letters, such as EUR")
            String currency,

            @NotNull @Min(1) @Max(PlanController.MOST) @Schema(description = "minor units, net")
            Long monthly,

            @Nullable @Size(max = 20) @Schema(description = "in percent: when it is told; 50, 80 and 100 when left out")
            List<@NotNull @Min(1) @Max(BudgetCaps.MOST) Integer> alerts,

            @Nullable @Valid @Schema(description = "when something is done; never when left out")
            BudgetCaps caps) {
        BudgetTerms terms() {
            BudgetCaps wished = Objects.requireNonNullElse(caps, BudgetCaps.NONE);
            wished.requireOrder();
            return new BudgetTerms(
                    PriceBookController.currency(currency).getCurrencyCode(),
                    monthly,
                    Objects.requireNonNullElse(alerts, USUAL_ALERTS),
                    wished);
        }
    }

    @GetMapping
    ResponseEntity<Budget> get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        Tenant found = access.require(caller, tenant, Permission.SEE_COSTS);
        return answer(budgets.find(found.id()).orElseThrow(() -> none(found)));
    }

    private static ProblemException none(Tenant tenant) {
        return ProblemException.notFound("budget of tenant", tenant.name());
    }

    /** Sets it and looks at once: what a smaller one had done is undone by a larger one. */
    @PutMapping
    ResponseEntity<Budget> put(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody NewBudget body) {
        Tenant found = requireAbove(caller, tenant);
        BudgetTerms terms = body.terms();
        return answer(Objects.requireNonNull(transaction.execute(status -> {
            checkMatch(found, ifMatch);
            Budget changed = budgets.set(found.id(), terms, caller.userId());
            Trail.after(changed);
            return changed;
        })));
    }

    /** What it had done is undone. */
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        Tenant found = requireAbove(caller, tenant);
        transaction.executeWithoutResult(status -> {
            checkMatch(found, ifMatch);
            budgets.remove(found.id());
        });
    }

    /** What was told and done; the newest first. */
    @GetMapping("/notes")
    Page<BudgetNote> notes(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        UUID id = access.require(caller, tenant, Permission.SEE_COSTS).id();
        return Page.of(
                budgets.notes(id, cursor, limit), limit, note -> note.id().toString());
    }

    /** Nobody lifts what the tenant above has set. */
    private Tenant requireAbove(Caller caller, String tenant) {
        Tenant found = access.require(caller, tenant, Permission.SET_BUDGET);
        String parent = found.parent();
        if (parent != null && !mayAbove(caller, parent)) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN,
                    "only an owner of the tenant above or an operator of the platform may do this; ask one");
        }
        return found;
    }

    private boolean mayAbove(Caller caller, String parent) {
        try {
            access.require(caller, parent, Permission.SET_BUDGET);
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    private void checkMatch(Tenant tenant, @Nullable String ifMatch) {
        Budget present = budgets.lock(tenant.id()).orElse(null);
        if (present != null) {
            Trail.before(present);
        }
        if (ifMatch != null && (present == null || !(ifMatch.equals("*") || ifMatch.equals(present.etag())))) {
            throw new ProblemException(
                    ProblemKind.PRECONDITION_FAILED,
                    "the budget of tenant '" + tenant.name() + "' has changed since; read it again");
        }
    }

    private static ResponseEntity<Budget> answer(Budget budget) {
        return ResponseEntity.ok().eTag(budget.etag()).body(budget);
    }
}
