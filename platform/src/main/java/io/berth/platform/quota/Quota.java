// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.quota;

import io.berth.platform.problem.Problem;
import io.berth.platform.problem.ProblemException;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Says no to what a tenant may not have. */
@Component
public class Quota {
    private final QuotaRows rows;
    private final ApplicationEventPublisher events;

    Quota(QuotaRows rows, ApplicationEventPublisher events) {
        this.rows = rows;
        this.events = events;
    }

    /**
     * Called after the row that asks for more was written, in its transaction: the database has counted it by then and holds the
     * quota's rows until the end, so of any number of requests at once each sees what those before it left.
     *
     * @throws ProblemException QUOTA_EXCEEDED, which takes the row and its count back
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void admit(UUID tenant, Growth growth) {
        for (QuotaReport report : rows.upwards(tenant)) {
            growth.more().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> admit(report, growth, report.line(entry.getKey()), entry.getValue()));
        }
    }

    /**
     * Called before anything is written: what does not fit anyhow is refused without a row, a lock and a rollback. What fits now may not when it is
     * {@linkplain #admit admitted}.
     *
     * @throws ProblemException QUOTA_EXCEEDED
     */
    public void refuseWhatCantFit(UUID tenant, Growth growth) {
        for (QuotaReport report : rows.upwards(tenant)) {
            growth.more().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
                QuotaLine line = report.line(entry.getKey());
                Long hard = line.hard();
                long more = entry.getValue();
                if (hard != null && line.used() + more > hard) {
                    throw exceeded(
                            report.tenant(),
                            line.resource(),
                            growth.field(line.resource()),
                            new Problem.Shortage(hard, line.used(), more, Math.max(0, hard - line.used())));
                }
            });
        }
    }

    private void admit(QuotaReport report, Growth growth, QuotaLine line, long more) {
        Long hard = line.hard();
        long before = line.used() - more;
        if (hard != null && line.used() > hard) {
            throw exceeded(
                    report.tenant(),
                    line.resource(),
                    growth.field(line.resource()),
                    new Problem.Shortage(hard, before, more, Math.max(0, hard - before)));
        }
        Long soft = line.soft();
        if (soft != null && line.used() > soft && before <= soft) {
            events.publishEvent(
                    new QuotaWarning(report.tenantId(), report.tenant(), line.resource(), line.used(), soft));
        }
    }

    private static ProblemException exceeded(
            String tenant, Resource resource, String field, Problem.Shortage shortage) {
        String detail = "tenant '" + tenant + "' may have " + shortage.limit() + " " + resource.words() + " and has "
                + shortage.used() + "; " + shortage.asked() + " more were asked for, " + shortage.fits()
                + " would fit: ask for less, give something back, or ask the platform's operator for a larger quota";
        return ProblemException.quota(detail, field, shortage);
    }
}
