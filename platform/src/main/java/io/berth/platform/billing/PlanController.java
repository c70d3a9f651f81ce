// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

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
import java.net.URI;
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

/** Plans, for operators. They never change: another price is another plan, from the day that a tenant gets it. */
@Tag(name = "prices")
@RestController
@RequestMapping("/api/v1/plans")
class PlanController {
    static final String NAME = "[a-z]([a-z0-9-]{0,30}[a-z0-9])?";
    static final String WISH = "use 1 to 32 of a-z, 0-9 and '-', beginning with a letter";

    /** Minor units: more than any month costs, and far from what a sum can hold. */
    static final long MOST = 1_000_000_000_000L;

    private final Plans plans;
    private final PriceBooks books;
    private final Idempotency idempotency;

    PlanController(Plans plans, PriceBooks books, Idempotency idempotency) {
        this.plans = plans;
        this.books = books;
        this.idempotency = idempotency;
    }

    record NewPlan(
            @NotNull @Schema(example = "small") @Pattern(regexp = NAME, message = WISH)
            String name,

            @NotNull @Schema(example = "standard") @Pattern(regexp = NAME, message = WISH)
            String book,

            @NotNull @Min(1) Integer version,

            @Schema(description = "minor units a month; 0 when left out") @Nullable @Min(0) @Max(MOST)
            Long flatMonthly,

            @Schema(description = "minor units a month, filled up where usage and flat fee are less; 0 when left out")
            @Nullable
            @Min(0)
            @Max(MOST)
            Long minimumMonthly) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Plan> create(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewPlan body) {
        caller.requireOperator(OperatorPower.BILL);
        return idempotency.once(caller, key, "POST /plans", body, Plan.class, () -> {
            Plan plan = plans.create(
                    body.name(),
                    books.get(body.book(), body.version()),
                    body.flatMonthly() == null ? 0 : body.flatMonthly(),
                    body.minimumMonthly() == null ? 0 : body.minimumMonthly());
            return ResponseEntity.created(URI.create("/api/v1/plans/" + plan.name()))
                    .body(plan);
        });
    }

    @GetMapping
    Page<Plan> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return Page.of(plans.list(cursor, limit), limit, Plan::name);
    }

    @GetMapping("/{plan}")
    Plan get(@AuthenticationPrincipal Caller caller, @PathVariable String plan) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return plans.get(plan).orElseThrow(() -> ProblemException.notFound("plan", plan));
    }
}
