// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.billing.Ledger.Account;
import io.berth.platform.billing.Ledger.EntryKind;
import io.berth.platform.billing.Ledger.Posting;
import io.berth.platform.billing.Ledger.Subject;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import java.math.BigInteger;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What happens to an invoice once and for all: it becomes final, is paid, and is corrected by credit notes; each with its entry in the ledger. */
@Component
class Closing {
    private final JdbcClient jdbc;
    private final Invoices invoices;
    private final Ledger ledger;
    private final JsonMapper json;
    private final Clock clock;

    Closing(JdbcClient jdbc, Invoices invoices, Ledger ledger, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.invoices = invoices;
        this.ledger = ledger;
        this.json = json;
        this.clock = clock;
    }

    /** Computes it a last time, numbers it, and pays it from the tenant's credit as far as that reaches. */
    @Transactional
    Invoice close(Payer tenant, UUID id, UUID by) {
        ledger.lock(tenant.id());
        Invoice draft = invoices.get(tenant, id);
        if (draft.state() == InvoiceState.FINAL) {
            return draft;
        }
        YearMonth month = YearMonth.parse(draft.month());
        requireComplete(month);
        boolean isStillDue =
                invoices.draft(tenant, month).stream().anyMatch(it -> it.id().equals(id));
        if (!isStillDue) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "the tenant has no plan in " + draft.currency() + " in " + month
                            + " any more; there is nothing to invoice");
        }
        jdbc.sql("update invoices set state = 'FINAL', number = :number, final_at = now() where id = :id")
                .param("number", nextNumber(InvoiceKind.INVOICE))
                .param("id", id)
                .update();
        Invoice closed = invoices.get(tenant, id);
        ledger.post(
                new Subject(EntryKind.INVOICE, tenant.id(), id, closed.currency(), closed.number(), by),
                new Posting(Account.RECEIVABLE, closed.total()),
                new Posting(Account.REVENUE, -closed.net()),
                new Posting(Account.TAX, -closed.tax()));
        long credit = Math.min(closed.total(), Math.max(0, ledger.credit(tenant.id(), closed.currency())));
        ledger.post(
                new Subject(EntryKind.CREDIT_USED, tenant.id(), id, closed.currency(), closed.number(), by),
                new Posting(Account.CREDIT, credit),
                new Posting(Account.RECEIVABLE, -credit));
        return invoices.get(tenant, id);
    }

    /** @throws ProblemException while usage of the month may still come in */
    private void requireComplete(YearMonth month) {
        OffsetDateTime end = month.plusMonths(1).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
        if (clock.instant().isBefore(end.toInstant())) {
            throw new ProblemException(ProblemKind.CONFLICT, month + " is not over; make it final after " + end);
        }
        boolean isOpen = jdbc.sql("""
                        select exists (select from meter_unrolled where hour < :end)
                            or exists (select from meters m join nodes n on n.id = m.node_id
                                where n.state = 'UP' and (m.last_at is null or m.last_at < :end))
                        """).param("end", end).query(Boolean.class).single();
        if (isOpen) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "usage of " + month
                            + " is still being counted; see /metering/nodes, and try again in some minutes");
        }
    }

    /** In this transaction: one that is rolled back gives it back, and nobody else gets the next before this one is kept. */
    private long nextNumber(InvoiceKind kind) {
        return jdbc.sql(
                        "update invoice_series set next_number = next_number + 1 where name = :kind returning next_number - 1")
                .param("kind", kind.name())
                .query(Long.class)
                .single();
    }

    /** @param amount with the tax in it, minor units */
    @Transactional
    Invoice correct(Payer tenant, UUID id, long amount, String reason, UUID by) {
        ledger.lock(tenant.id());
        Invoice invoice = requireFinal(tenant, id);
        long corrected = jdbc.sql("select coalesce(sum(total), 0) from invoices where corrects = :id")
                .param("id", id)
                .query(Long.class)
                .single();
        if (amount > invoice.total() - corrected) {
            throw ProblemException.field(
                    "amount",
                    "amount: invoice " + invoice.number() + " comes to " + invoice.total() + ", of which " + corrected
                            + " are taken back already; " + (invoice.total() - corrected) + " are left");
        }
        Tax tax = new Tax(invoice.taxName(), invoice.taxBasisPoints());
        long net = tax.netOf(amount);
        UUID note = UuidCreator.getTimeOrderedEpoch();
        insertNote(note, tenant, invoice, net, amount - net, reason);
        ledger.post(
                new Subject(EntryKind.CREDIT_NOTE, tenant.id(), id, invoice.currency(), reason, by),
                new Posting(Account.RECEIVABLE, -amount),
                new Posting(Account.REVENUE, net),
                new Posting(Account.TAX, amount - net));
        return invoices.get(tenant, note);
    }

    private void insertNote(UUID note, Payer tenant, Invoice invoice, long net, long tax, String reason) {
        YearMonth month = YearMonth.parse(invoice.month());
        jdbc.sql("""
                        insert into invoices (id, kind, state, tenant_id, tenant_name, month, currency, net, tax_name,
                            tax_basis_points, tax, total, issuer, customer, corrects, reason)
                        values (:id, 'CREDIT_NOTE', 'DRAFT', :tenant, :name, :month, :currency, :net, :taxName, :points, :tax, :total,
                            cast(:issuer as jsonb), cast(:customer as jsonb), :corrects, :reason)
                        """)
                .param("id", note)
                .param("tenant", tenant.id())
                .param("name", tenant.name())
                .param("month", month.atDay(1))
                .param("currency", invoice.currency())
                .param("net", net)
                .param("taxName", invoice.taxName())
                .param("points", invoice.taxBasisPoints())
                .param("tax", tax)
                .param("total", net + tax)
                .param("issuer", json.writeValueAsString(invoice.issuer()))
                .param("customer", json.writeValueAsString(invoice.customer()))
                .param("corrects", invoice.id())
                .param("reason", reason)
                .update();
        invoices.insert(
                note,
                new InvoiceLine(
                        1,
                        LineKind.CORRECTION,
                        null,
                        null,
                        month.atDay(1),
                        month.plusMonths(1).atDay(1),
                        BigInteger.ONE,
                        "correction",
                        "1",
                        net));
        jdbc.sql("update invoices set state = 'FINAL', number = :number, final_at = now() where id = :id")
                .param("number", nextNumber(InvoiceKind.CREDIT_NOTE))
                .param("id", note)
                .update();
    }

    private Invoice requireFinal(Payer tenant, UUID id) {
        Invoice invoice = invoices.get(tenant, id);
        if (invoice.state() != InvoiceState.FINAL || invoice.kind() != InvoiceKind.INVOICE) {
            throw new ProblemException(
                    ProblemKind.CONFLICT,
                    "this is no final invoice; make it final first, or name the invoice that it corrects");
        }
        return invoice;
    }

    /** Somebody has paid, by whatever way. */
    @Transactional
    Invoice pay(Payer tenant, UUID id, long amount, String reference, UUID by) {
        ledger.lock(tenant.id());
        Invoice invoice = requireFinal(tenant, id);
        if (amount > invoice.due()) {
            throw ProblemException.field(
                    "amount", "amount: " + invoice.due() + " are due; give what is more to the tenant as credit");
        }
        ledger.post(
                new Subject(EntryKind.PAYMENT, tenant.id(), id, invoice.currency(), reference, by),
                new Posting(Account.CASH, amount),
                new Posting(Account.RECEIVABLE, -amount));
        return invoices.get(tenant, id);
    }

    /** Gives a tenant something in advance. */
    @Transactional
    List<Balance> give(Payer tenant, String currency, long amount, String reason, UUID by) {
        ledger.lock(tenant.id());
        ledger.post(
                new Subject(EntryKind.CREDIT, tenant.id(), null, currency, reason, by),
                new Posting(Account.PROMOTION, amount),
                new Posting(Account.CREDIT, -amount));
        return balances(tenant);
    }

    /** What a tenant has in advance, and owes, in a currency. */
    record Balance(String currency, long credit, long due) {}

    List<Balance> balances(Payer tenant) {
        return jdbc.sql("""
                        select e.currency, -coalesce(sum(p.amount) filter (where p.account = 'CREDIT'), 0) as credit,
                            coalesce(sum(p.amount) filter (where p.account = 'RECEIVABLE'), 0) as due
                        from ledger_entries e join ledger_postings p on p.entry_id = e.id
                        where e.tenant_id = :tenant group by e.currency order by e.currency
                        """)
                .param("tenant", tenant.id())
                .query((row, number) ->
                        new Balance(row.getString("currency"), row.getLong("credit"), row.getLong("due")))
                .list();
    }
}
