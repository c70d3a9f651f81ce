// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.billing.Draft.Line;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is charged for a month in one currency, as rows of FOCUS: one for each day of each line, and one for the tax; pure.
 *
 * @param number the invoice's or credit note's, null where there is none yet
 * @param lines with their days; those of a credit note have none, and are taken off
 */
record FocusBill(
        Payer payer,
        YearMonth month,
        String currency,
        String issuer,
        @Nullable String number,
        InvoiceKind kind,
        String taxName,
        long tax,
        List<Line> lines) {
    private static final String SERVICE = "System containers";

    FocusBill {
        lines = List.copyOf(lines);
    }

    List<Map<FocusColumn, String>> rows() {
        List<Map<FocusColumn, String>> rows = new ArrayList<>();
        for (Line line : lines) {
            if (line.days().isEmpty()) {
                rows.add(correction(line.line()));
            }
            line.days().stream()
                    .filter(day -> day.amount() != 0 || day.quantity().signum() != 0)
                    .forEach(day -> rows.add(day(line.line(), day)));
        }
        if (tax != 0) {
            rows.add(taxRow());
        }
        return rows;
    }

    private Map<FocusColumn, String> day(InvoiceLine line, InvoiceDay day) {
        Map<FocusColumn, String> row =
                row(day.amount(), line.kind(), day.day(), day.day().plusDays(1));
        Meter meter = line.meter();
        String plan = line.plan() == null ? "" : line.plan();
        row.put(FocusColumn.SKU_ID, plan);
        if (meter == null) {
            row.put(
                    FocusColumn.CHARGE_DESCRIPTION,
                    (line.kind() == LineKind.FLAT ? "Monthly fee of plan " : "Filled up to the minimum of plan ")
                            + plan);
            row.put(FocusColumn.PRICING_QUANTITY, day.quantity().toString());
            row.put(FocusColumn.PRICING_UNIT, "Days");
        } else {
            String units = meter.units(day.quantity()).toPlainString();
            row.put(FocusColumn.CHARGE_DESCRIPTION, meter + " by plan " + plan);
            row.put(FocusColumn.SKU_METER, meter.name());
            row.put(FocusColumn.CONSUMED_QUANTITY, units);
            row.put(FocusColumn.CONSUMED_UNIT, unit(meter));
            row.put(FocusColumn.PRICING_QUANTITY, units);
            row.put(FocusColumn.PRICING_UNIT, unit(meter));
        }
        return row;
    }

    /** As the specification's unit format has it: plural, compound by hyphens. */
    private static String unit(Meter meter) {
        return switch (meter) {
            case RUNNING -> "Container-Hours";
            case VCPU -> "vCPU-Hours";
            case CPU -> "CPU-Hours";
            case MEMORY, MEMORY_USED, DISK, VOLUME -> "GiB-Hours";
            case RECEIVED, SENT, READ, WRITTEN -> "GiB";
        };
    }

    private Map<FocusColumn, String> correction(InvoiceLine line) {
        Map<FocusColumn, String> row = row(-line.amount(), line.kind(), line.from(), line.to());
        row.put(FocusColumn.CHARGE_CLASS, "Correction");
        row.put(FocusColumn.CHARGE_DESCRIPTION, "Correction of an invoice of " + month);
        return row;
    }

    private Map<FocusColumn, String> taxRow() {
        boolean isCorrection = kind == InvoiceKind.CREDIT_NOTE;
        Map<FocusColumn, String> row = row(
                isCorrection ? -tax : tax,
                LineKind.CORRECTION,
                month.atDay(1),
                month.plusMonths(1).atDay(1));
        row.put(FocusColumn.CHARGE_CATEGORY, "Tax");
        row.put(FocusColumn.CHARGE_CLASS, isCorrection ? "Correction" : "");
        row.put(FocusColumn.CHARGE_DESCRIPTION, taxName);
        return row;
    }

    /** There are no discounts that were agreed upon and nothing is paid in advance for later days: so all four costs are the same. */
    private Map<FocusColumn, String> row(long amount, LineKind kind, LocalDate from, LocalDate to) {
        Map<FocusColumn, String> row = new EnumMap<>(FocusColumn.class);
        String cost = BigDecimal.valueOf(amount, Currency.getInstance(currency).getDefaultFractionDigits())
                .toPlainString();
        List.of(FocusColumn.BILLED_COST, FocusColumn.CONTRACTED_COST, FocusColumn.EFFECTIVE_COST, FocusColumn.LIST_COST)
                .forEach(column -> row.put(column, cost));
        row.put(FocusColumn.BILLING_ACCOUNT_ID, payer.id().toString());
        row.put(FocusColumn.BILLING_ACCOUNT_NAME, payer.name());
        row.put(FocusColumn.BILLING_CURRENCY, currency);
        row.put(FocusColumn.BILLING_PERIOD_START, begin(month.atDay(1)));
        row.put(FocusColumn.BILLING_PERIOD_END, begin(month.plusMonths(1).atDay(1)));
        row.put(FocusColumn.CHARGE_PERIOD_START, begin(from));
        row.put(FocusColumn.CHARGE_PERIOD_END, begin(to));
        row.put(FocusColumn.CHARGE_CATEGORY, category(kind));
        row.put(FocusColumn.CHARGE_FREQUENCY, frequency(kind));
        row.put(FocusColumn.INVOICE_ID, number == null ? "" : number);
        row.put(FocusColumn.INVOICE_ISSUER_NAME, issuer);
        row.put(FocusColumn.PROVIDER_NAME, issuer);
        row.put(FocusColumn.PUBLISHER_NAME, issuer);
        row.put(FocusColumn.SERVICE_CATEGORY, "Compute");
        row.put(FocusColumn.SERVICE_SUBCATEGORY, "Containers");
        row.put(FocusColumn.SERVICE_NAME, SERVICE);
        return row;
    }

    private static String category(LineKind kind) {
        return switch (kind) {
            case USAGE -> "Usage";
            case FLAT -> "Purchase";
            case MINIMUM, CORRECTION -> "Adjustment";
        };
    }

    private static String frequency(LineKind kind) {
        return switch (kind) {
            case USAGE -> "Usage-Based";
            case FLAT, MINIMUM -> "Recurring";
            case CORRECTION -> "One-Time";
        };
    }

    private static String begin(LocalDate day) {
        return day + "T00:00:00Z";
    }
}
