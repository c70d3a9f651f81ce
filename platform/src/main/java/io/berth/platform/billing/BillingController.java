// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.billing.Closing.Balance;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a tenant is billed by: plan, tax, addresses, credit. A tenant's owners see it; what costs or gives money is the operators' to set. */
@Tag(name = "billing")
@RestController
@RequestMapping("/api/v1")
class BillingController {
    private static final String DAY = "20[0-9]{2}-[0-9]{2}-[0-9]{2}";

    private final Plans plans;
    private final Parties parties;
    private final Closing closing;
    private final TenantAccess access;
    private final Idempotency idempotency;
    private final Matched matched;

    BillingController(
            Plans plans,
            Parties parties,
            Closing closing,
            TenantAccess access,
            Idempotency idempotency,
            Matched matched) {
        this.matched = matched;
        this.plans = plans;
        this.parties = parties;
        this.closing = closing;
        this.access = access;
        this.idempotency = idempotency;
    }

    record NewAssignment(
            @Schema(example = "small", description = "none any more when left out")
            @Nullable
            @Pattern(regexp = PlanController.NAME, message = PlanController.WISH)
            String plan,

            @NotNull
            @Schema(example = "2026-12-01", description = "the first day, UTC")
            @Pattern(regexp = DAY, message = "write a day such as 2026-12-01")
            String from) {}

    record NewTax(
            @NotNull @Schema(example = "VAT 19%") @Pattern(regexp = Party.LINE, message = Party.WISH)
            String name,

            @NotNull @Min(0) @Max(10_000) @Schema(description = "hundredths of a percent")
            Integer basisPoints) {}

    record NewCredit(
            @NotNull
            @Schema(example = "EUR")
            @Pattern(regexp = "[A-Z]{3}", message = "write three capital letters, such as EUR")
            String currency,

            @NotNull @Min(1) @Max(PlanController.MOST) @Schema(description = "minor units")
            Long amount,

            @NotNull @Schema(example = "goodwill") @Pattern(regexp = Party.LINE, message = Party.WISH)
            String reason) {}

    /** Who the operator is, as it stands on invoices. */
    @GetMapping("/billing/issuer")
    ResponseEntity<Party> issuer(@AuthenticationPrincipal Caller caller) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return matched.answer(parties.issuer());
    }

    @PutMapping("/billing/issuer")
    ResponseEntity<Party> setIssuer(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody Party body) {
        caller.requireOperator(OperatorPower.BILL);
        return matched.change(ifMatch, "the issuer", null, parties::issuer, () -> parties.setIssuer(body));
    }

    /** Which plans the tenant has had and will have, the newest first. */
    @GetMapping("/tenants/{tenant}/plan")
    ResponseEntity<Page<Plans.Assignment>> plan(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return matched.answer(assignments(access.require(caller, tenant, Permission.SEE_COSTS)));
    }

    private Page<Plans.Assignment> assignments(Tenant tenant) {
        return new Page<>(plans.assignments(tenant), null);
    }

    /** From a day on, which may lie in the past as long as no month that it changes has its invoice. */
    @PutMapping("/tenants/{tenant}/plan")
    ResponseEntity<Page<Plans.Assignment>> assign(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody NewAssignment body) {
        Tenant found = access.require(caller, tenant, Permission.SEE_COSTS);
        caller.requireOperator(OperatorPower.BILL);
        String name = body.plan();
        Plan plan = name == null
                ? null
                : plans.get(name)
                        .orElseThrow(() ->
                                ProblemException.field("plan", "plan: there is no plan '" + name + "'; see /plans"));
        LocalDate from = day(body.from());
        return matched.change(ifMatch, "the tenant's plan", found.id(), () -> assignments(found), () -> {
            plans.assign(found, plan, from, caller.userId());
            return assignments(found);
        });
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw ProblemException.field("from", "from: '" + text + "' is no day of the calendar");
        }
    }

    /** Whom the tenant's invoices are to. */
    @GetMapping("/tenants/{tenant}/billing-profile")
    ResponseEntity<Party> profile(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return matched.answer(parties.customer(Payer.of(access.require(caller, tenant, Permission.SEE_COSTS))));
    }

    @PutMapping("/tenants/{tenant}/billing-profile")
    ResponseEntity<Party> setProfile(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody Party body) {
        Payer payer = Payer.of(access.require(caller, tenant, Permission.SETTLE));
        return matched.change(
                ifMatch,
                "the billing profile",
                payer.id(),
                () -> parties.customer(payer),
                () -> parties.setCustomer(payer, body));
    }

    @GetMapping("/tenants/{tenant}/tax")
    ResponseEntity<Tax> tax(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return matched.answer(
                parties.tax(access.require(caller, tenant, Permission.SEE_COSTS).id()));
    }

    @PutMapping("/tenants/{tenant}/tax")
    ResponseEntity<Tax> setTax(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody NewTax body) {
        Tenant found = access.require(caller, tenant, Permission.SEE_COSTS);
        caller.requireOperator(OperatorPower.BILL);
        return matched.change(
                ifMatch,
                "the tax",
                found.id(),
                () -> parties.tax(found.id()),
                () -> parties.setTax(found.id(), new Tax(body.name(), body.basisPoints())));
    }

    /** What the tenant has in advance, and owes. */
    @GetMapping("/tenants/{tenant}/balance")
    Page<Balance> balance(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return new Page<>(closing.balances(Payer.of(access.require(caller, tenant, Permission.SEE_COSTS))), null);
    }

    /** Gives the tenant credit, which pays invoices as they become final. */
    @PostMapping("/tenants/{tenant}/credits")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Balance> give(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewCredit body) {
        Tenant found = access.require(caller, tenant, Permission.SEE_COSTS);
        caller.requireOperator(OperatorPower.BILL);
        String currency = PriceBookController.currency(body.currency()).getCurrencyCode();
        return idempotency.once(
                caller,
                key,
                "POST /tenants/" + found.id() + "/credits",
                body,
                Balance.class,
                () -> ResponseEntity.status(HttpStatus.CREATED)
                        .body(
                                closing
                                        .give(Payer.of(found), currency, body.amount(), body.reason(), caller.userId())
                                        .stream()
                                        .filter(balance -> balance.currency().equals(currency))
                                        .findFirst()
                                        .orElseThrow()));
    }
}
