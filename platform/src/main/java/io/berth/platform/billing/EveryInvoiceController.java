// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.paging.Place;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
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

/** Everybody's invoices, for operators; those of tenants that are deleted are reached here alone. */
@Tag(name = "billing")
@RestController
@RequestMapping("/api/v1/invoices")
class EveryInvoiceController {
    private final Invoices invoices;
    private final Closing closing;
    private final InvoicePdf pdf;
    private final Idempotency idempotency;

    EveryInvoiceController(Invoices invoices, Closing closing, InvoicePdf pdf, Idempotency idempotency) {
        this.invoices = invoices;
        this.closing = closing;
        this.pdf = pdf;
        this.idempotency = idempotency;
    }

    /** The newest first, unless asked otherwise. */
    @GetMapping
    Page<Invoice> list(
            @AuthenticationPrincipal Caller caller,
            @Parameter(description = "its name when it was invoiced") @RequestParam(required = false) @Nullable
                    String tenant,
            @Parameter(description = "UTC, such as 2026-11")
                    @RequestParam(required = false)
                    @Nullable
                    @Pattern(regexp = InvoiceController.MONTH, message = InvoiceController.MONTH_WISH)
                    String month,
            @RequestParam(required = false) @Nullable InvoiceState state,
            @RequestParam(required = false) @Nullable InvoiceKind kind,
            @Parameter(description = "createdAt or total; '-' before it turns it round")
                    @RequestParam(defaultValue = "-createdAt")
                    String sort,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        var filter = new Invoices.Filter(null, tenant, month == null ? null : YearMonth.parse(month), state, kind);
        Place<Invoice> place = Invoices.ORDERS.place(sort, cursor);
        return place.page(invoices.list(filter, place, limit), limit);
    }

    @GetMapping("/{invoice}")
    Invoice get(@AuthenticationPrincipal Caller caller, @PathVariable UUID invoice) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return invoices.get(invoice);
    }

    @GetMapping("/{invoice}/lines")
    Page<InvoiceLine> lines(@AuthenticationPrincipal Caller caller, @PathVariable UUID invoice) {
        return new Page<>(invoices.lines(get(caller, invoice).id()), null);
    }

    @GetMapping(path = "/{invoice}/pdf", produces = MediaType.APPLICATION_PDF_VALUE)
    ResponseEntity<byte[]> pdf(@AuthenticationPrincipal Caller caller, @PathVariable UUID invoice) {
        return pdf.answer(get(caller, invoice), invoices.lines(invoice));
    }

    /** Makes it final, as …/tenants/T/invoices/ID/close. */
    @PostMapping("/{invoice}/close")
    Invoice close(@AuthenticationPrincipal Caller caller, @PathVariable UUID invoice) {
        return closing.close(payer(caller, invoice), invoice, caller.userId());
    }

    /** Notes that somebody has paid, as …/tenants/T/invoices/ID/payments. */
    @PostMapping("/{invoice}/payments")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Invoice> pay(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID invoice,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody InvoiceController.NewPayment body) {
        Payer payer = payer(caller, invoice);
        return idempotency.once(
                caller,
                key,
                "POST /invoices/" + invoice + "/payments",
                body,
                Invoice.class,
                () -> ResponseEntity.status(HttpStatus.CREATED)
                        .body(closing.pay(payer, invoice, body.amount(), body.reference(), caller.userId())));
    }

    private Payer payer(Caller caller, UUID invoice) {
        caller.requireOperator(OperatorPower.BILL);
        Payer payer = invoices.payer(invoice);
        Trail.tenant(payer.id());
        return payer;
    }
}
