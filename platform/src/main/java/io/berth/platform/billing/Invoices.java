// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.billing.Plans.Held;
import io.berth.platform.paging.Orders;
import io.berth.platform.paging.Place;
import io.berth.platform.problem.ProblemException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The tables of invoices: drafts are computed anew as often as somebody likes; what is final is the database's to guard. */
@Component
class Invoices {
    private final JdbcClient jdbc;
    private final Plans plans;
    private final DailyUse use;
    private final Parties parties;
    private final Ledger ledger;
    private final InvoiceRows rows;
    private final JsonMapper json;
    private final Clock clock;

    Invoices(
            JdbcClient jdbc,
            Plans plans,
            DailyUse use,
            Parties parties,
            Ledger ledger,
            InvoiceRows rows,
            JsonMapper json,
            Clock clock) {
        this.jdbc = jdbc;
        this.plans = plans;
        this.use = use;
        this.parties = parties;
        this.ledger = ledger;
        this.rows = rows;
        this.json = json;
        this.clock = clock;
    }

    Optional<Invoice> find(UUID tenant, UUID id) {
        return jdbc.sql(InvoiceRows.SELECT + "where i.tenant_id = :tenant and i.id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(rows::invoice)
                .optional();
    }

    Invoice get(Payer tenant, UUID id) {
        return find(tenant.id(), id).orElseThrow(() -> ProblemException.notFound("invoice", id.toString()));
    }

    Invoice get(UUID id) {
        return jdbc.sql(InvoiceRows.SELECT + "where i.id = :id")
                .param("id", id)
                .query(rows::invoice)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("invoice", id.toString()));
    }

    Payer payer(UUID id) {
        return jdbc.sql("select tenant_id, tenant_name from invoices where id = :id")
                .param("id", id)
                .query((row, number) -> new Payer(row.getObject("tenant_id", UUID.class), row.getString("tenant_name")))
                .optional()
                .orElseThrow(() -> ProblemException.notFound("invoice", id.toString()));
    }

    /**
     * Which of all; null for any.
     *
     * @param payer whose, also where it is there no more
     * @param tenant its name when it was invoiced
     */
    record Filter(
            @Nullable UUID payer,
            @Nullable String tenant,
            @Nullable YearMonth month,
            @Nullable InvoiceState state,
            @Nullable InvoiceKind kind) {}

    static final Orders<Invoice> ORDERS = new Orders<>(
            "-createdAt",
            "i.id",
            Invoice::id,
            List.of(
                    new Orders.Order<>("createdAt", "i.id", Orders.Kind.ID, Invoice::id), // ordered by time
                    new Orders.Order<>("total", "i.total", Orders.Kind.NUMBER, Invoice::total)));

    List<Invoice> list(Filter filter, Place<Invoice> place, int limit) {
        YearMonth month = filter.month();
        InvoiceState state = filter.state();
        InvoiceKind kind = filter.kind();
        return place.bind(jdbc.sql(InvoiceRows.SELECT + """
                        where (cast(:payer as uuid) is null or i.tenant_id = :payer)
                          and (cast(:tenant as text) is null or i.tenant_name = :tenant)
                          and (cast(:month as date) is null or i.month = :month)
                          and (cast(:state as text) is null or i.state = :state)
                          and (cast(:kind as text) is null or i.kind = :kind)
                        """ + place.sql()), limit)
                .param("payer", filter.payer())
                .param("tenant", filter.tenant())
                .param("month", month == null ? null : month.atDay(1))
                .param("state", state == null ? null : state.name())
                .param("kind", kind == null ? null : kind.name())
                .query(rows::invoice)
                .list();
    }

    List<InvoiceLine> lines(UUID invoice) {
        return jdbc.sql("select * from invoice_lines where invoice_id = :invoice order by line")
                .param("invoice", invoice)
                .query(InvoiceRows::line)
                .list();
    }

    List<InvoiceDay> days(UUID invoice, int line) {
        return jdbc.sql("select * from invoice_days where invoice_id = :invoice and line = :line order by day")
                .param("invoice", invoice)
                .param("line", line)
                .query(InvoiceRows::day)
                .list();
    }

    /** A month as it stands: up to today where it is not over. One for each currency of the tenant's plans in it. */
    List<Draft> compute(UUID tenant, YearMonth month) {
        LocalDate tomorrow =
                clock.instant().atZone(ZoneOffset.UTC).toLocalDate().plusDays(1);
        Map<String, List<Draft.Part>> parts = new LinkedHashMap<>();
        for (Held held : plans.held(tenant, month)) {
            LocalDate from = held.share().from();
            LocalDate to = from.plusDays(held.share().daysBefore(tomorrow));
            parts.computeIfAbsent(held.plan().currency(), currency -> new ArrayList<>())
                    .add(new Draft.Part(held, use.of(tenant, from, to)));
        }
        return parts.entrySet().stream()
                .map(entry -> Draft.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Computes a month's drafts anew; what is final stays as it is. */
    @Transactional
    List<Invoice> draft(Payer tenant, YearMonth month) {
        ledger.lock(tenant.id());
        List<Invoice> invoices = new ArrayList<>();
        for (Draft draft : compute(tenant.id(), month)) {
            Optional<Invoice> present = of(tenant.id(), month, draft.currency());
            if (present.isPresent() && present.get().state() == InvoiceState.FINAL) {
                invoices.add(present.get());
            } else {
                UUID id = present.map(Invoice::id).orElseGet(UuidCreator::getTimeOrderedEpoch);
                write(id, tenant, month, draft);
                invoices.add(get(tenant, id));
            }
        }
        return invoices;
    }

    private Optional<Invoice> of(UUID tenant, YearMonth month, String currency) {
        return jdbc.sql(
                        InvoiceRows.SELECT
                                + "where i.tenant_id = :tenant and i.month = :month and i.currency = :currency and i.kind = 'INVOICE'")
                .param("tenant", tenant)
                .param("month", month.atDay(1))
                .param("currency", currency)
                .query(rows::invoice)
                .optional();
    }

    private void write(UUID id, Payer tenant, YearMonth month, Draft draft) {
        Tax tax = parties.tax(tenant.id());
        long net = draft.net();
        jdbc.sql("delete from invoice_days where invoice_id = :id")
                .param("id", id)
                .update();
        jdbc.sql("delete from invoice_lines where invoice_id = :id")
                .param("id", id)
                .update();
        jdbc.sql("""
                        insert into invoices (id, kind, state, tenant_id, tenant_name, month, currency, net, tax_name,
                            tax_basis_points, tax, total, issuer, customer, computed_at)
                        values (:id, 'INVOICE', 'DRAFT', :tenant, :name, :month, :currency, :net, :taxName, :points, :tax, :total,
                            cast(:issuer as jsonb), cast(:customer as jsonb), now())
                        on conflict (id) do update set tenant_name = excluded.tenant_name, net = excluded.net,
                            tax_name = excluded.tax_name, tax_basis_points = excluded.tax_basis_points, tax = excluded.tax,
                            total = excluded.total, issuer = excluded.issuer, customer = excluded.customer,
                            computed_at = excluded.computed_at
                        """)
                .param("id", id)
                .param("tenant", tenant.id())
                .param("name", tenant.name())
                .param("month", month.atDay(1))
                .param("currency", draft.currency())
                .param("net", net)
                .param("taxName", tax.name())
                .param("points", tax.basisPoints())
                .param("tax", tax.on(net))
                .param("total", net + tax.on(net))
                .param("issuer", json.writeValueAsString(parties.issuer()))
                .param("customer", json.writeValueAsString(parties.customer(tenant)))
                .update();
        draft.lines().forEach(line -> write(id, line));
    }

    private void write(UUID invoice, Draft.Line drafted) {
        InvoiceLine line = drafted.line();
        insert(invoice, line);
        drafted.days()
                .forEach(day -> jdbc.sql("""
                        insert into invoice_days (invoice_id, line, day, quantity, amount)
                        values (:invoice, :line, :day, cast(:quantity as numeric), :amount)
                        """)
                        .param("invoice", invoice)
                        .param("line", line.line())
                        .param("day", day.day())
                        .param("quantity", day.quantity().toString())
                        .param("amount", day.amount())
                        .update());
    }

    void insert(UUID invoice, InvoiceLine line) {
        Meter meter = line.meter();
        jdbc.sql("""
                        insert into invoice_lines (invoice_id, line, kind, meter, plan, from_day, to_day, quantity, unit, units, amount)
                        values (:invoice, :line, :kind, :meter, :plan, :from, :to, cast(:quantity as numeric), :unit,
                            cast(:units as numeric), :amount)
                        """)
                .param("invoice", invoice)
                .param("line", line.line())
                .param("kind", line.kind().name())
                .param("meter", meter == null ? null : meter.name())
                .param("plan", line.plan())
                .param("from", line.from())
                .param("to", line.to())
                .param("quantity", line.quantity().toString())
                .param("unit", line.unit())
                .param("units", line.units())
                .param("amount", line.amount())
                .update();
    }
}
