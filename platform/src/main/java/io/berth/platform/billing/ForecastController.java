// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.billing.Forecasts.Estimate;
import io.berth.platform.billing.Forecasts.Forecast;
import io.berth.platform.paging.Page;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What things will cost, over REST. */
@Tag(name = "billing")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}")
class ForecastController {
    /** 16 TiB, the most that a container can have. */
    private static final long MOST_BYTES = 1L << 44;

    private final Forecasts forecasts;
    private final TenantAccess access;

    ForecastController(Forecasts forecasts, TenantAccess access) {
        this.forecasts = forecasts;
        this.access = access;
    }

    record EstimateWish(
            @NotNull @Min(1) @Max(MOST_BYTES) Long memoryBytes,

            @NotNull @Min(10) @Max(1_024_000) @Schema(description = "thousandths of a CPU")
            Integer milliCpus,

            @Nullable @Min(0) @Max(MOST_BYTES) @Schema(description = "what its files take; 0 when left out")
            Long diskBytes,

            @Nullable @Min(0) @Max(1L << 50) @Schema(description = "what it sends in a month; 0 when left out")
            Long sentBytes) {}

    /** How this month will end if it goes on as yesterday; one for each plan of the month. */
    @GetMapping("/forecast")
    Page<Forecast> forecast(@AuthenticationPrincipal Caller caller, @PathVariable String tenant) {
        return new Page<>(forecasts.forecast(access.require(caller, tenant, Permission.SEE_COSTS)), null);
    }

    /** What a container that runs all the time would add to this month; nothing is made, so no Idempotency-Key is needed. */
    @PostMapping("/price-estimates")
    Estimate estimate(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @Valid @RequestBody EstimateWish body) {
        return forecasts.estimate(
                access.require(caller, tenant, Permission.SEE_COSTS),
                new Forecasts.Spec(
                        body.memoryBytes(),
                        body.milliCpus(),
                        body.diskBytes() == null ? 0 : body.diskBytes(),
                        body.sentBytes() == null ? 0 : body.sentBytes()));
    }
}
