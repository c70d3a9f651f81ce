// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.billing.Coupons.Redemption;
import io.berth.platform.idempotency.Idempotency;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.security.OperatorPower;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.berth.platform.trail.Trail;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Coupons: operators make them, tenants redeem them. */
@Tag(name = "billing")
@RestController
@RequestMapping("/api/v1")
class CouponController {
    private final Coupons coupons;
    private final TenantAccess access;
    private final Idempotency idempotency;

    CouponController(Coupons coupons, TenantAccess access, Idempotency idempotency) {
        this.coupons = coupons;
        this.access = access;
        this.idempotency = idempotency;
    }

    record NewCoupon(
            @NotNull @Schema(example = "WELCOME-2026") @Pattern(regexp = Coupon.CODE, message = Coupon.CODE_WISH)
            String code,

            @NotNull
            @Schema(example = "EUR")
            @Pattern(regexp = "[A-Z]{3}", message = "write three capital letters, such as EUR")
            String currency,

            @NotNull @Min(1) @Max(PlanController.MOST) @Schema(description = "minor units")
            Long amount,

            @Nullable
            @Min(1)
            @Max(PlanController.MOST)
            @Schema(description = "how many tenants may redeem it; all when left out")
            Long most,

            @Nullable @Future @Schema(description = "never when left out")
            Instant expiresAt) {}

    record NewRedemption(
            @NotNull @Schema(example = "WELCOME-2026") @Pattern(regexp = Coupon.CODE, message = Coupon.CODE_WISH)
            String code) {}

    @PostMapping("/coupons")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Coupon> create(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewCoupon body) {
        caller.requireOperator(OperatorPower.BILL);
        String currency = PriceBookController.currency(body.currency()).getCurrencyCode();
        return idempotency.once(caller, key, "POST /coupons", body, Coupon.class, () -> {
            Coupon coupon = coupons.create(
                    body.code(), currency, body.amount(), body.most(), body.expiresAt(), caller.userId());
            return ResponseEntity.created(URI.create("/api/v1/coupons/" + coupon.code()))
                    .body(coupon);
        });
    }

    @GetMapping("/coupons")
    Page<Coupon> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "") String cursor,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MOST) int limit) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return Page.of(coupons.list(cursor, limit), limit, Coupon::code);
    }

    @GetMapping("/coupons/{coupon}")
    Coupon get(@AuthenticationPrincipal Caller caller, @PathVariable String coupon) {
        caller.requireOperator(OperatorPower.SEE_COSTS);
        return coupons.get(coupon);
    }

    /** Nobody redeems it any more; who has keeps what it gave. */
    @DeleteMapping("/coupons/{coupon}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(@AuthenticationPrincipal Caller caller, @PathVariable String coupon) {
        caller.requireOperator(OperatorPower.BILL);
        Coupon present = coupons.get(coupon);
        Trail.before(present);
        coupons.end(present);
    }

    @GetMapping("/tenants/{tenant}/coupon-redemptions")
    Page<Redemption> redemptions(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return new Page<>(coupons.redemptions(Payer.of(access.require(caller, tenant, Permission.SEE_COSTS))), null);
    }

    /** Gives the tenant what the coupon is worth as credit, which pays invoices as they become final; once each tenant. */
    @PostMapping("/tenants/{tenant}/coupon-redemptions")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Redemption> redeem(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewRedemption body) {
        Payer payer = Payer.of(access.require(caller, tenant, Permission.SETTLE));
        return idempotency.once(
                caller,
                key,
                "POST /tenants/" + payer.id() + "/coupon-redemptions",
                body,
                Redemption.class,
                () -> ResponseEntity.status(HttpStatus.CREATED)
                        .body(coupons.redeem(payer, body.code(), caller.userId())));
    }
}
