// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Rows of the tables of invoices, lines and days as records. */
@Component
class InvoiceRows {
    static final String SELECT = """
            select i.*, case when i.kind = 'CREDIT_NOTE' then 0 else coalesce((
                select sum(p.amount) from ledger_entries e join ledger_postings p on p.entry_id = e.id
                where e.invoice_id = i.id and p.account = 'RECEIVABLE'), 0) end as due
            from invoices i
            """;

    private final JsonMapper json;

    InvoiceRows(JsonMapper json) {
        this.json = json;
    }

    Invoice invoice(ResultSet row, int number) throws SQLException {
        InvoiceKind kind = InvoiceKind.valueOf(row.getString("kind"));
        Long its = row.getObject("number", Long.class);
        return new Invoice(
                row.getObject("id", UUID.class),
                kind,
                InvoiceState.valueOf(row.getString("state")),
                its == null ? null : kind.number(its),
                row.getString("tenant_name"),
                YearMonth.from(row.getObject("month", LocalDate.class)).toString(),
                row.getString("currency"),
                row.getLong("net"),
                row.getString("tax_name"),
                row.getInt("tax_basis_points"),
                row.getLong("tax"),
                row.getLong("total"),
                row.getLong("due"),
                json.readValue(row.getString("issuer"), Party.class),
                json.readValue(row.getString("customer"), Party.class),
                row.getObject("corrects", UUID.class),
                row.getString("reason"),
                row.getObject("computed_at", OffsetDateTime.class).toInstant(),
                instant(row, "final_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static InvoiceLine line(ResultSet row, int number) throws SQLException {
        String meter = row.getString("meter");
        return new InvoiceLine(
                row.getInt("line"),
                LineKind.valueOf(row.getString("kind")),
                meter == null ? null : Meter.valueOf(meter),
                row.getString("plan"),
                row.getObject("from_day", LocalDate.class),
                row.getObject("to_day", LocalDate.class),
                integer(row, "quantity"),
                row.getString("unit"),
                Objects.requireNonNull(row.getBigDecimal("units")).toPlainString(),
                row.getLong("amount"));
    }

    static InvoiceDay day(ResultSet row, int number) throws SQLException {
        return new InvoiceDay(row.getObject("day", LocalDate.class), integer(row, "quantity"), row.getLong("amount"));
    }

    private static BigInteger integer(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, BigDecimal.class)).toBigIntegerExact();
    }
}
