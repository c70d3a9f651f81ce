// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What a month costs as a table of FOCUS: what is final as it is final, and what is not yet as a draft would be now. Tenant by tenant, so that no export needs the
 * memory of all of them.
 */
@Component
class FocusExport {
    private final JdbcClient jdbc;
    private final Invoices invoices;
    private final InvoiceRows rows;
    private final Parties parties;

    FocusExport(JdbcClient jdbc, Invoices invoices, InvoiceRows rows, Parties parties) {
        this.jdbc = jdbc;
        this.invoices = invoices;
        this.rows = rows;
        this.parties = parties;
    }

    /** Everybody who was on a plan or has an invoice in that month, also those who are gone. */
    List<Payer> payers(YearMonth month) {
        return jdbc.sql("""
                        select distinct on (w.id) w.id, w.name from (
                            select t.id, t.name, 1 as rank from tenants t where exists (
                                select from plan_assignments a where a.tenant_id = t.id and a.from_day < :end)
                            union all
                            select tenant_id, tenant_name, 2 from invoices where month = :month) w
                        order by w.id, w.rank
                        """)
                .param("month", month.atDay(1))
                .param("end", month.plusMonths(1).atDay(1))
                .query((row, number) -> new Payer(row.getObject("id", UUID.class), row.getString("name")))
                .list();
    }

    void write(List<Payer> payers, YearMonth month, String fileName, HttpServletResponse response) throws IOException {
        response.setContentType("text/csv");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"focus-" + FocusColumn.VERSION + "-" + fileName + month + ".csv\"");
        PrintWriter out = response.getWriter();
        out.print(
                Arrays.stream(FocusColumn.values()).map(FocusColumn::title).collect(Collectors.joining(",")) + "\r\n");
        for (Payer payer : payers) {
            bills(payer, month).forEach(bill -> bill.rows().forEach(row -> out.print(line(row))));
            if (out.checkError()) {
                return;
            }
        }
    }

    private List<FocusBill> bills(Payer payer, YearMonth month) {
        List<Invoice> there = jdbc.sql(InvoiceRows.SELECT
                        + "where i.tenant_id = :tenant and i.month = :month and i.state = 'FINAL' order by i.id")
                .param("tenant", payer.id())
                .param("month", month.atDay(1))
                .query(rows::invoice)
                .list();
        List<FocusBill> bills =
                there.stream().map(invoice -> bill(payer, month, invoice)).collect(Collectors.toList());
        String issuer = parties.issuer().legalName();
        Tax tax = parties.tax(payer.id());
        invoices.compute(payer.id(), month).stream()
                .filter(draft -> there.stream().noneMatch(it -> it.currency().equals(draft.currency())))
                .map(draft -> new FocusBill(
                        payer,
                        month,
                        draft.currency(),
                        issuer,
                        null,
                        InvoiceKind.INVOICE,
                        tax.name(),
                        tax.on(draft.net()),
                        draft.lines()))
                .forEach(bills::add);
        return bills;
    }

    private FocusBill bill(Payer payer, YearMonth month, Invoice invoice) {
        List<Draft.Line> lines = invoices.lines(invoice.id()).stream()
                .map(line -> new Draft.Line(line, invoices.days(invoice.id(), line.line())))
                .toList();
        return new FocusBill(
                payer,
                month,
                invoice.currency(),
                invoice.issuer().legalName(),
                invoice.number(),
                invoice.kind(),
                invoice.taxName(),
                invoice.tax(),
                lines);
    }

    private static String line(Map<FocusColumn, String> row) {
        return Arrays.stream(FocusColumn.values())
                        .map(column -> cell(row.getOrDefault(column, "")))
                        .collect(Collectors.joining(","))
                + "\r\n";
    }

    /** RFC 4180; nothing is an empty cell without quotes. What a spreadsheet would take for a formula begins with an apostrophe (CWE-1236), amounts excepted. */
    private static String cell(String text) {
        if (text.isEmpty() || text.matches("-?[0-9.]+")) {
            return text;
        }
        String safe = "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
