// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables of plans, and of who is on which. */
@Component
class Plans {
    private static final String SELECT = """
            select p.name, b.name as book, v.version, b.currency, p.flat_monthly, p.minimum_monthly, p.created_at
            from plans p join price_book_versions v on v.id = p.version_id join price_books b on b.id = v.book_id
            """;

    private final JdbcClient jdbc;
    private final PriceBooks books;

    Plans(JdbcClient jdbc, PriceBooks books) {
        this.jdbc = jdbc;
        this.books = books;
    }

    Plan create(String name, PriceBookVersion version, long flatMonthly, long minimumMonthly) {
        try {
            jdbc.sql("""
                            insert into plans (id, name, version_id, flat_monthly, minimum_monthly)
                            select :id, :name, v.id, :flat, :minimum
                            from price_book_versions v join price_books b on b.id = v.book_id
                            where b.name = :book and v.version = :version
                            """)
                    .param("id", UuidCreator.getTimeOrderedEpoch())
                    .param("name", name)
                    .param("flat", flatMonthly)
                    .param("minimum", minimumMonthly)
                    .param("book", version.book())
                    .param("version", version.version())
                    .update();
        } catch (DuplicateKeyException e) {
            throw ProblemException.taken("plan", name);
        }
        return get(name).orElseThrow();
    }

    Optional<Plan> get(String name) {
        return jdbc.sql(SELECT + "where p.name = :name")
                .param("name", name)
                .query(Plans::plan)
                .optional();
    }

    List<Plan> list(String after, int limit) {
        return jdbc.sql(SELECT + "where p.name > :after order by p.name limit :limit")
                .param("after", after)
                .param("limit", limit + 1)
                .query(Plans::plan)
                .list();
    }

    private static Plan plan(ResultSet row, int number) throws SQLException {
        return new Plan(
                row.getString("name"),
                row.getString("book"),
                row.getInt("version"),
                row.getString("currency"),
                row.getLong("flat_monthly"),
                row.getLong("minimum_monthly"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    /**
     * Who is on what, from when.
     *
     * @param plan null for none
     */
    record Assignment(LocalDate from, @Nullable String plan) {}

    /** The newest first. */
    List<Assignment> assignments(Tenant tenant) {
        return jdbc.sql("""
                        select a.from_day, p.name from plan_assignments a left join plans p on p.id = a.plan_id
                        where a.tenant_id = :tenant order by a.from_day desc
                        """)
                .param("tenant", tenant.id())
                .query((row, number) ->
                        new Assignment(row.getObject("from_day", LocalDate.class), row.getString("name")))
                .list();
    }

    /** @throws ProblemException when a month that it would change is invoiced for good */
    void assign(Tenant tenant, @Nullable Plan plan, LocalDate from, UUID by) {
        boolean isBilled = jdbc.sql("""
                        select exists (select from invoices where tenant_id = :tenant and kind = 'INVOICE' and state = 'FINAL'
                            and month + interval '1 month' > :from)
                        """)
                .param("tenant", tenant.id())
                .param("from", from)
                .query(Boolean.class)
                .single();
        if (isBilled) {
            throw ProblemException.field(
                    "from", "from: " + from + " lies in or before a month that has its invoice; choose a later day");
        }
        jdbc.sql("""
                        insert into plan_assignments (tenant_id, from_day, plan_id, assigned_by)
                        values (:tenant, :from, (select id from plans where name = :plan), :by)
                        on conflict (tenant_id, from_day) do update
                            set plan_id = excluded.plan_id, assigned_at = now(), assigned_by = excluded.assigned_by
                        """)
                .param("tenant", tenant.id())
                .param("from", from)
                .param("plan", plan == null ? null : plan.name())
                .param("by", by)
                .update();
    }

    /** A plan, and the days of a month for which it holds. */
    record Held(Plan plan, Terms terms, Share share) {}

    /** In the order of days; none where there is no plan. */
    List<Held> held(UUID tenant, YearMonth month) {
        Share whole = Share.of(month);
        List<Assignment> assigned = jdbc.sql("""
                        select greatest(a.from_day, :begin) as from_day, p.name
                        from plan_assignments a left join plans p on p.id = a.plan_id
                        where a.tenant_id = :tenant and a.from_day < :end and not exists (
                            select from plan_assignments later where later.tenant_id = a.tenant_id
                                and later.from_day > a.from_day and later.from_day <= :begin)
                        order by a.from_day
                        """)
                .param("tenant", tenant)
                .param("begin", whole.from())
                .param("end", whole.to())
                .query((row, number) ->
                        new Assignment(row.getObject("from_day", LocalDate.class), row.getString("name")))
                .list();
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < assigned.size(); i++) {
            LocalDate to = i + 1 < assigned.size() ? assigned.get(i + 1).from() : whole.to();
            String name = assigned.get(i).plan();
            if (name != null) {
                Plan plan = get(name).orElseThrow();
                held.add(new Held(plan, terms(plan), new Share(assigned.get(i).from(), to)));
            }
        }
        return held;
    }

    Terms terms(Plan plan) {
        PriceBookVersion version = books.get(plan.book(), plan.version());
        return new Terms(
                Currency.getInstance(plan.currency()),
                version.rounding(),
                PriceWish.prices(version.prices()),
                plan.flatMonthly(),
                plan.minimumMonthly());
    }
}
