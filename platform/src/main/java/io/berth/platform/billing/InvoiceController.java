// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.paging.Place;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.YearMonth;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Invoices: a tenant's owners read them, operators make, close, correct them and note what was paid. */
@Tag(name = "billing")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/invoices")
class InvoiceController {
    static final String MONTH = "20[0-9]{2}-(0[1-9]|1[0-2])";
    static final String MONTH_WISH = "write a month such as 2026-11";

    private final Invoices invoices;
    private final Closing closing;
    private final InvoicePdf pdf;
    private final TenantAccess access;
    private final Idempotency idempotency;

    InvoiceController(
            Invoices invoices, Closing closing, InvoicePdf pdf, TenantAccess access, Idempotency idempotency) {
        this.invoices = invoices;
        this.closing = closing;
        this.pdf = pdf;
        this.access = access;
        this.idempotency = idempotency;
    }

    record NewDraft(
            @NotNull @Schema(example = "2026-11", description = "UTC") @Pattern(regexp = MONTH, message = MONTH_WISH)
            String month) {}

    record NewCreditNote(
            @NotNull @Min(1) @Max(PlanController.MOST) @Schema(description = "minor units, with the tax in them")
            Long amount,

            @NotNull @Schema(example = "an hour without network") @Pattern(regexp = Party.LINE, message = Party.WISH)
            String reason) {}

    record NewPayment(
            @NotNull @Min(1) @Max(PlanController.MOST) @Schema(description = "minor units")
            Long amount,

            @NotNull
            @Schema(example = "bank statement 17", description = "where it can be found again")
            @Pattern(regexp = Party.LINE, message = Party.WISH)
            String reference) {}

    private Payer payer(Caller caller, String tenant) {
        return Payer.of(access.require(caller, tenant, Permission.SEE_COSTS));
    }

    /** The newest first, unless asked otherwise. */
    @GetMapping
    Page<Invoice> list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @Parameter(description = "UTC, such as 2026-11")
                    @RequestParam(required = false)
                    @Nullable
                    @Pattern(regexp = MONTH, message = MONTH_WISH)
                    String month,
            @RequestParam(required = false) @Nullable InvoiceState state,
            @RequestParam(required = false) @Nullable InvoiceKind kind,
            @Parameter(description = "createdAt or total; '-' before it turns it round")
                    @RequestParam(defaultValue = "-createdAt")
                    String sort,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        Payer found = payer(caller, tenant);
        YearMonth only = month == null ? null : YearMonth.parse(month);
        Place<Invoice> place = Invoices.ORDERS.place(sort, cursor);
        return place.page(invoices.list(new Invoices.Filter(found.id(), null, only, state, kind), place, limit), limit);
    }

    /** Computes a month's drafts, one for each currency of the tenant's plans in it, from what is counted by now; as often as you like. */
    @PostMapping
    Page<Invoice> draft(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @Valid @RequestBody NewDraft body) {
        Payer found = payer(caller, tenant);
        caller.requireOperator(OperatorPower.BILL);
        return new Page<>(invoices.draft(found, YearMonth.parse(body.month())), null);
    }

    @GetMapping("/{invoice}")
    Invoice get(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID invoice) {
        return invoices.get(payer(caller, tenant), invoice);
    }

    @GetMapping("/{invoice}/lines")
    Page<InvoiceLine> lines(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID invoice) {
        Invoice found = invoices.get(payer(caller, tenant), invoice);
        return new Page<>(invoices.lines(found.id()), null);
    }

    /** What each day adds to a line; they add up to it. The hours and samples of a day are at …/usage. */
    @GetMapping("/{invoice}/lines/{line}/days")
    Page<InvoiceDay> days(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID invoice,
            @PathVariable int line) {
        Invoice found = invoices.get(payer(caller, tenant), invoice);
        return new Page<>(invoices.days(found.id(), line), null);
    }

    @GetMapping(path = "/{invoice}/pdf", produces = MediaType.APPLICATION_PDF_VALUE)
    ResponseEntity<byte[]> pdf(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID invoice) {
        Invoice found = invoices.get(payer(caller, tenant), invoice);
        return pdf.answer(found, invoices.lines(found.id()));
    }

    /** Makes it final, once its month is over and counted: numbered, never changed again, and paid from the tenant's credit. One that is final stays as it is. */
    @PostMapping("/{invoice}/close")
    Invoice close(@AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable UUID invoice) {
        Payer found = payer(caller, tenant);
        caller.requireOperator(OperatorPower.BILL);
        return closing.close(found, invoice, caller.userId());
    }

    /** Takes back some or all of a final invoice. */
    @PostMapping("/{invoice}/credit-notes")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Invoice> correct(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID invoice,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewCreditNote body) {
        Payer found = payer(caller, tenant);
        caller.requireOperator(OperatorPower.BILL);
        return idempotency.once(caller, key, path(found, invoice, "credit-notes"), body, Invoice.class, () -> {
            Invoice note = closing.correct(found, invoice, body.amount(), body.reason(), caller.userId());
            return ResponseEntity.created(URI.create("/api/v1/tenants/" + found.name() + "/invoices/" + note.id()))
                    .body(note);
        });
    }

    private static String path(Payer tenant, UUID invoice, String what) {
        return "POST /tenants/" + tenant.id() + "/invoices/" + invoice + "/" + what;
    }

    /** Notes that somebody has paid, by whatever way; the answer is the invoice with what is still due. */
    @PostMapping("/{invoice}/payments")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Invoice> pay(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable UUID invoice,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewPayment body) {
        Payer found = payer(caller, tenant);
        caller.requireOperator(OperatorPower.BILL);
        return idempotency.once(
                caller,
                key,
                path(found, invoice, "payments"),
                body,
                Invoice.class,
                () -> ResponseEntity.status(HttpStatus.CREATED)
                        .body(closing.pay(found, invoice, body.amount(), body.reference(), caller.userId())));
    }
}
