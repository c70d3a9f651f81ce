// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.billing.Plans.Held;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.tenant.Tenant;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What is not used yet: how the month will end if it goes on so, and what a container would cost. */
@Component
class Forecasts {
    private static final int SECONDS_A_DAY = 86_400;

    private final Plans plans;
    private final DailyUse use;
    private final Clock clock;

    Forecasts(Plans plans, DailyUse use, Clock clock) {
        this.plans = plans;
        this.use = use;
        this.clock = clock;
    }

    /** Amounts are net, in minor units. */
    record Forecast(
            String month,
            String plan,
            String currency,

            @Schema(description = "until the end of today, as if nothing more were used")
            long soFar,

            @Schema(description = "until the month's end, every day from today on as yesterday")
            long whole) {}

    private LocalDate today() {
        return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** One for each plan that the tenant has in this month. */
    List<Forecast> forecast(Tenant tenant) {
        List<Forecast> forecasts = new ArrayList<>();
        for (Held held : plans.held(tenant.id(), YearMonth.from(today()))) {
            int begun = held.share().daysBefore(today().plusDays(1));
            Quantities soFar = sum(
                    use.of(tenant.id(), held.share().from(), held.share().from().plusDays(begun)));
            forecasts.add(new Forecast(
                    held.share().month().toString(),
                    held.plan().name(),
                    held.plan().currency(),
                    Rating.sum(Rating.charges(held.terms(), held.share(), begun, soFar)),
                    Rating.sum(Rating.charges(
                            held.terms(), held.share(), held.share().days(), projected(tenant, held)))));
        }
        return forecasts;
    }

    private static Quantities sum(List<Quantities> days) {
        return days.stream().reduce(Quantities.NONE, Quantities::plus);
    }

    /** Complete days as they were, and the others as yesterday, which is the last that is known as a whole. */
    private Quantities projected(Tenant tenant, Held held) {
        int complete = held.share().daysBefore(today());
        Quantities before =
                sum(use.of(tenant.id(), held.share().from(), held.share().from().plusDays(complete)));
        Quantities yesterday = sum(use.of(tenant.id(), today().minusDays(1), today()));
        return before.plus(yesterday.times(held.share().days() - complete));
    }

    /** A container that runs all the time. */
    record Spec(long memoryBytes, int milliCpus, long diskBytes, long sentBytesAMonth) {
        Quantities ofDays(int days, int monthDays) {
            BigInteger seconds = BigInteger.valueOf((long) days * SECONDS_A_DAY);
            Map<Meter, BigInteger> used = new EnumMap<>(Meter.class);
            used.put(Meter.RUNNING, seconds);
            used.put(Meter.VCPU, seconds.multiply(BigInteger.valueOf(milliCpus)));
            used.put(Meter.MEMORY, seconds.multiply(BigInteger.valueOf(memoryBytes)));
            used.put(Meter.DISK, seconds.multiply(BigInteger.valueOf(diskBytes)));
            Map<Meter, BigInteger> all = new EnumMap<>(used);
            all.put(
                    Meter.SENT,
                    BigInteger.valueOf(sentBytesAMonth)
                            .multiply(BigInteger.valueOf(days))
                            .divide(BigInteger.valueOf(monthDays)));
            return new Quantities(all, used);
        }
    }

    /** Amounts are net, in minor units. */
    record Estimate(
            String plan,
            String currency,

            @Schema(
                    description =
                            "what it adds to this month's forecast, were it there from the plan's first day to its last")
            long added,

            @Schema(description = "the forecast without it") long without,

            @Schema(description = "the forecast with it") long with,

            @Schema(description = "the forecast's lines with it")
            List<EstimateLine> lines) {
        Estimate {
            lines = List.copyOf(lines);
        }
    }

    /** A line as it would be. */
    record EstimateLine(Charge.Kind kind, @Nullable Meter meter, long amount) {}

    /** By the plan that the tenant has today. */
    Estimate estimate(Tenant tenant, Spec spec) {
        LocalDate today = today();
        Held held = plans.held(tenant.id(), YearMonth.from(today)).stream()
                .filter(it -> !today.isBefore(it.share().from())
                        && today.isBefore(it.share().to()))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.CONFLICT,
                        "the tenant has no plan today, so nothing has a price; ask the operator"));
        Quantities without = projected(tenant, held);
        Quantities with =
                without.plus(spec.ofDays(held.share().days(), held.share().monthDays()));
        long before = Rating.sum(
                Rating.charges(held.terms(), held.share(), held.share().days(), without));
        List<Charge> charges =
                Rating.charges(held.terms(), held.share(), held.share().days(), with);
        return new Estimate(
                held.plan().name(),
                held.plan().currency(),
                Rating.sum(charges) - before,
                before,
                Rating.sum(charges),
                charges.stream()
                        .map(charge -> new EstimateLine(charge.kind(), charge.meter(), charge.amount()))
                        .toList());
    }
}
