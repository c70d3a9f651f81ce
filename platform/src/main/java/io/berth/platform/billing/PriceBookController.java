// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.billing.PriceBooks.PriceBook;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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

/** Price books and their versions, for operators. Nothing of them can be changed or deleted: what was billed stays explained. */
@Tag(name = "prices")
@RestController
@RequestMapping("/api/v1/price-books")
class PriceBookController {
    private final PriceBooks books;
    private final Idempotency idempotency;

    PriceBookController(PriceBooks books, Idempotency idempotency) {
        this.books = books;
        this.idempotency = idempotency;
    }

    record NewPriceBook(
            @NotNull @Schema(example = "standard") @Pattern(regexp = PlanController.NAME, message = PlanController.WISH)
            String name,

            @NotNull
            @Schema(example = "EUR", description = "ISO 4217")
            @Pattern(regexp = "[A-Z]{3}", message = "write three capital letters, such as EUR")
            String currency) {}

    record NewVersion(
            @Schema(description = "HALF_UP when left out") @Nullable
            Rounding rounding,

            @NotNull @Valid @Size(max = 10, message = "has a price for each meter at most")
            List<@NotNull @Valid PriceWish> prices) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<PriceBook> create(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewPriceBook body) {
        caller.requireOperator(OperatorPower.BILL);
        return idempotency.once(caller, key, "POST /price-books", body, PriceBook.class, () -> {
            PriceBook book = books.create(body.name(), currency(body.currency()));
            return ResponseEntity.created(URI.create("/api/v1/price-books/" + book.name() + "/versions"))
                    .body(book);
        });
    }

    static Currency currency(String code) {
        try {
            Currency currency = Currency.getInstance(code);
            if (currency.getDefaultFractionDigits() >= 0) {
                return currency;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw ProblemException.field("currency", "currency: '" + code + "' is no currency of ISO 4217, such as EUR");
    }

    @GetMapping
    Page<PriceBook> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return Page.of(books.list(cursor, limit), limit, PriceBook::name);
    }

    /** Adds prices under the book's next number; they hold for whoever gets a plan with them. */
    @PostMapping("/{book}/versions")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<PriceBookVersion> add(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String book,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewVersion body) {
        caller.requireOperator(OperatorPower.BILL);
        return idempotency.once(
                caller, key, "POST /price-books/" + book + "/versions", body, PriceBookVersion.class, () -> {
                    Rounding rounding = body.rounding() == null ? Rounding.HALF_UP : body.rounding();
                    PriceBookVersion version = books.add(book, rounding, body.prices(), caller.userId());
                    return ResponseEntity.created(
                                    URI.create("/api/v1/price-books/" + book + "/versions/" + version.version()))
                            .body(version);
                });
    }

    @GetMapping("/{book}/versions")
    Page<PriceBookVersion> versions(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String book,
            @RequestParam(defaultValue = "0") @Min(0) int cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return Page.of(books.versions(book, cursor, limit), limit, version -> Integer.toString(version.version()));
    }

    @GetMapping("/{book}/versions/{version}")
    PriceBookVersion get(@AuthenticationPrincipal Caller caller, @PathVariable String book, @PathVariable int version) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return books.get(book, version);
    }
}
