// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.tenant.TenantGoes;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What a tenant that goes still owes is drafted before it is gone; an operator closes it when the month is over. */
@Component
class LastDrafts {
    private final Invoices invoices;
    private final Clock clock;

    LastDrafts(Invoices invoices, Clock clock) {
        this.invoices = invoices;
        this.clock = clock;
    }

    @EventListener
    void draft(TenantGoes going) {
        YearMonth present = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC));
        Payer payer = Payer.of(going.tenant());
        invoices.draft(payer, present.minusMonths(1));
        invoices.draft(payer, present);
    }
}
