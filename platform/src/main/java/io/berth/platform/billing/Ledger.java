// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Double entry: what goes into one account comes out of others. The database refuses an entry that does not add up to nothing, at the end of the transaction. */
@Component
class Ledger {
    private final JdbcClient jdbc;

    Ledger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Where money, or the right to some, is. */
    enum Account {
        /** What tenants owe. */
        RECEIVABLE,
        REVENUE,
        /** What is owed to the tax office. */
        TAX,
        /** What tenants have been given in advance. */
        CREDIT,
        /** What was given away. */
        PROMOTION,
        /** What was paid. */
        CASH
    }

    /** Why money moved. */
    enum EntryKind {
        INVOICE,
        CREDIT_NOTE,
        CREDIT,
        CREDIT_USED,
        PAYMENT
    }

    /** One side of an entry; a debit is above 0. */
    record Posting(Account account, long amount) {}

    /** What an entry is about. */
    record Subject(
            EntryKind kind,
            UUID tenant,
            @Nullable UUID invoice,
            String currency,
            @Nullable String reference,
            @Nullable UUID by) {}

    /** What is 0 is left out; nothing but zeros is no entry. */
    void post(Subject subject, Posting... postings) {
        List<Posting> all =
                Arrays.stream(postings).filter(posting -> posting.amount() != 0).toList();
        if (all.isEmpty()) {
            return;
        }
        UUID id = UuidCreator.getTimeOrderedEpoch();
        jdbc.sql("""
                        insert into ledger_entries (id, kind, tenant_id, invoice_id, currency, reference, by_user)
                        values (:id, :kind, :tenant, :invoice, :currency, :reference, :by)
                        """)
                .param("id", id)
                .param("kind", subject.kind().name())
                .param("tenant", subject.tenant())
                .param("invoice", subject.invoice())
                .param("currency", subject.currency())
                .param("reference", subject.reference())
                .param("by", subject.by())
                .update();
        all.forEach(posting -> jdbc.sql(
                        "insert into ledger_postings (entry_id, account, amount) values (:entry, :account, :amount)")
                .param("entry", id)
                .param("account", posting.account().name())
                .param("amount", posting.amount())
                .update());
    }

    /** What has been given to the tenant in advance and is not used up. */
    long credit(UUID tenant, String currency) {
        return -sum("e.tenant_id = :it and p.account = 'CREDIT' and e.currency = :currency", tenant, currency);
    }

    /** What is still to be paid of an invoice; below 0 where more was paid or taken back. */
    long due(UUID invoice, String currency) {
        return sum("e.invoice_id = :it and p.account = 'RECEIVABLE' and e.currency = :currency", invoice, currency);
    }

    private long sum(String which, UUID it, String currency) {
        return jdbc.sql(
                        "select coalesce(sum(p.amount), 0) from ledger_postings p join ledger_entries e on e.id = p.entry_id"
                                + " where " + which)
                .param("it", it)
                .param("currency", currency)
                .query(Long.class)
                .single();
    }

    /** What is done to a tenant's account until the transaction ends is done by nobody else. */
    void lock(UUID tenant) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:tenant, 12))")
                .param("tenant", tenant.toString())
                .query((row, number) -> true)
                .single();
    }
}
