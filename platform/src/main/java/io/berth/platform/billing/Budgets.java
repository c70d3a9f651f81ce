// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.tenant.TenantHeld;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The tables of budgets. What is to be done is a state, {@code step}, that the views held_tenants and throttled_tenants tell those who do it: so it is undone
 * by computing it anew, with a larger budget or in the next month.
 */
@Component
class Budgets {
    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

    private final JdbcClient jdbc;
    private final Spending spending;
    private final ApplicationEventPublisher events;

    Budgets(JdbcClient jdbc, Spending spending, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.spending = spending;
        this.events = events;
    }

    Optional<Budget> find(UUID tenant) {
        return find(tenant, "");
    }

    /** Nobody else looks at it or changes it until the transaction ends. */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Budget> lock(UUID tenant) {
        return find(tenant, " for update");
    }

    private Optional<Budget> find(UUID tenant, String lock) {
        return jdbc.sql("select * from budgets where tenant_id = :tenant" + lock)
                .param("tenant", tenant)
                .query(Budgets::budget)
                .optional();
    }

    private static Budget budget(ResultSet row, int number) throws SQLException {
        List<Integer> alerts = Arrays.asList((Integer[]) row.getArray("alerts").getArray());
        var caps = new BudgetCaps(
                row.getObject("throttle_at", Integer.class),
                row.getObject("freeze_at", Integer.class),
                row.getObject("stop_at", Integer.class));
        String step = row.getString("step");
        var terms = new BudgetTerms(row.getString("currency"), row.getLong("monthly"), alerts, caps);
        return new Budget(
                terms.currency(),
                terms.monthly(),
                terms.alerts(),
                caps,
                YearMonth.from(row.getObject("month", LocalDate.class)).toString(),
                row.getLong("spent"),
                terms.percent(row.getLong("spent")),
                step == null ? null : BudgetStep.valueOf(step),
                row.getObject("looked_at", OffsetDateTime.class).toInstant(),
                row.getLong("version"),
                row.getInt("told"));
    }

    /** Whose they are; the longest not looked at first. */
    List<UUID> all() {
        return jdbc.sql("select tenant_id from budgets order by looked_at")
                .query((row, number) -> row.getObject("tenant_id", UUID.class))
                .list();
    }

    /** Sets it and looks at once. */
    @Transactional(propagation = Propagation.MANDATORY)
    Budget set(UUID tenant, BudgetTerms terms, UUID by) {
        BudgetCaps caps = terms.caps();
        jdbc.sql("""
                        insert into budgets as b (tenant_id, currency, monthly, alerts, throttle_at, freeze_at, stop_at, month, changed_by)
                        values (:tenant, :currency, :monthly, :alerts, :throttle, :freeze, :stop, :month, :by)
                        on conflict (tenant_id) do update set version = b.version + 1, currency = excluded.currency,
                            monthly = excluded.monthly, alerts = excluded.alerts, throttle_at = excluded.throttle_at,
                            freeze_at = excluded.freeze_at, stop_at = excluded.stop_at, changed_by = excluded.changed_by
                        """)
                .param("tenant", tenant)
                .param("currency", terms.currency())
                .param("monthly", terms.monthly())
                .param("alerts", terms.alerts().toArray(Integer[]::new))
                .param("throttle", caps.throttleAt())
                .param("freeze", caps.freezeAt())
                .param("stop", caps.stopAt())
                .param("month", spending.month().atDay(1))
                .param("by", by)
                .update();
        return look(tenant, lock(tenant).orElseThrow());
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void remove(UUID tenant) {
        jdbc.sql("delete from budgets where tenant_id = :tenant")
                .param("tenant", tenant)
                .update();
        events.publishEvent(new TenantHeld(tenant));
    }

    /**
     * Computes what is spent, tells what is due to be told, and what is due to be done.
     *
     * @param locked as it is in this transaction
     */
    @Transactional(propagation = Propagation.MANDATORY)
    Budget look(UUID tenant, Budget locked) {
        YearMonth month = spending.month();
        boolean isAnotherMonth = !month.toString().equals(locked.month());
        BudgetTerms terms = locked.terms();
        long spent = spending.sinceTheMonthBegan(tenant, terms.currency());
        int told = isAnotherMonth ? 0 : terms.stillTold(spent, locked.told());
        for (int percent : terms.due(spent, told)) {
            note(tenant, month, BudgetNote.Kind.ALERT, percent, null, spent, terms);
            told = percent;
        }
        BudgetStep step = terms.step(spent);
        jdbc.sql("""
                        update budgets set month = :month, spent = :spent, told = :told, step = :step, looked_at = now()
                        where tenant_id = :tenant
                        """)
                .param("month", month.atDay(1))
                .param("spent", spent)
                .param("told", told)
                .param("step", step == null ? null : step.name())
                .param("tenant", tenant)
                .update();
        if (step != locked.step()) {
            note(tenant, month, BudgetNote.Kind.STEP, null, step, spent, terms);
            events.publishEvent(new TenantHeld(tenant));
        }
        return find(tenant).orElseThrow();
    }

    private void note(
            UUID tenant,
            YearMonth month,
            BudgetNote.Kind kind,
            @Nullable Integer percent,
            @Nullable BudgetStep step,
            long spent,
            BudgetTerms terms) {
        jdbc.sql("""
                        insert into budget_notes (id, tenant_id, month, kind, percent, step, spent, monthly, currency)
                        values (:id, :tenant, :month, :kind, :percent, :step, :spent, :monthly, :currency)
                        """)
                .param("id", UuidCreator.getTimeOrderedEpoch())
                .param("tenant", tenant)
                .param("month", month.atDay(1))
                .param("kind", kind.name())
                .param("percent", percent)
                .param("step", step == null ? null : step.name())
                .param("spent", spent)
                .param("monthly", terms.monthly())
                .param("currency", terms.currency())
                .update();
        LOG.info(
                "event=budget kind={} tenant={} month={} percent={} step={} spent={} monthly={} currency={}",
                kind,
                tenant,
                month,
                terms.percent(spent),
                Objects.requireNonNullElse(step, "NONE"),
                spent,
                terms.monthly(),
                terms.currency());
    }

    /** The newest first. */
    List<BudgetNote> notes(UUID tenant, @Nullable UUID before, int limit) {
        return jdbc.sql("""
                        select * from budget_notes where tenant_id = :tenant and (cast(:before as uuid) is null or id < :before)
                        order by id desc limit :limit
                        """)
                .param("tenant", tenant)
                .param("before", before)
                .param("limit", limit + 1)
                .query(Budgets::note)
                .list();
    }

    private static BudgetNote note(ResultSet row, int number) throws SQLException {
        String step = row.getString("step");
        return new BudgetNote(
                row.getObject("id", UUID.class),
                BudgetNote.Kind.valueOf(row.getString("kind")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                YearMonth.from(row.getObject("month", LocalDate.class)).toString(),
                row.getObject("percent", Integer.class),
                step == null ? null : BudgetStep.valueOf(step),
                row.getLong("spent"),
                row.getLong("monthly"),
                row.getString("currency"));
    }
}
