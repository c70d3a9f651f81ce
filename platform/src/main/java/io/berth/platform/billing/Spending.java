// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What this month has cost by now: the sum of what drafts would say. */
@Component
class Spending {
    private final JdbcClient jdbc;
    private final Plans plans;
    private final DailyUse use;
    private final Clock clock;

    Spending(JdbcClient jdbc, Plans plans, DailyUse use, Clock clock) {
        this.jdbc = jdbc;
        this.plans = plans;
        this.use = use;
        this.clock = clock;
    }

    YearMonth month() {
        return YearMonth.from(clock.instant().atZone(ZoneOffset.UTC));
    }

    /** Of a tenant and those below it, net, in minor units; plans in other currencies don't count. */
    long sinceTheMonthBegan(UUID tenant, String currency) {
        List<UUID> all = jdbc.sql("select id from tenants where id = :id or parent_id = :id")
                .param("id", tenant)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
        return all.stream().mapToLong(it -> of(it, currency)).reduce(0, Math::addExact);
    }

    private long of(UUID tenant, String currency) {
        LocalDate tomorrow =
                clock.instant().atZone(ZoneOffset.UTC).toLocalDate().plusDays(1);
        return plans.held(tenant, month()).stream()
                .filter(held -> held.plan().currency().equals(currency))
                .mapToLong(held -> {
                    LocalDate from = held.share().from();
                    int begun = held.share().daysBefore(tomorrow);
                    Quantities used = use.of(tenant, from, from.plusDays(begun)).stream()
                            .reduce(Quantities.NONE, Quantities::plus);
                    return Rating.sum(Rating.charges(held.terms(), held.share(), begun, used));
                })
                .reduce(0, Math::addExact);
    }
}
