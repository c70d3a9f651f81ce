// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import io.berth.platform.billing.Plans.Held;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The lines of a month in one currency, each with its days; pure. */
record Draft(String currency, List<Line> lines) {
    private static final String DAY = "day";

    Draft {
        lines = List.copyOf(lines);
    }

    /** A line and what it is the sum of. */
    record Line(InvoiceLine line, List<InvoiceDay> days) {
        Line {
            days = List.copyOf(days);
        }
    }

    /** What a plan's days were used for. */
    record Part(Held held, List<Quantities> used) {
        Part {
            used = List.copyOf(used);
        }
    }

    static Draft of(String currency, List<Part> parts) {
        List<Line> lines = new ArrayList<>();
        for (Part part : parts) {
            add(lines, part);
        }
        return new Draft(currency, lines);
    }

    private static void add(List<Line> lines, Part part) {
        Held held = part.held();
        List<List<Charge>> days = Rating.days(held.terms(), held.share(), part.used());
        if (days.isEmpty()) {
            return;
        }
        LocalDate end = held.share().from().plusDays(days.size());
        for (int index = 0; index < days.getFirst().size(); index++) {
            List<InvoiceDay> its = new ArrayList<>();
            for (int day = 0; day < days.size(); day++) {
                Charge charge = days.get(day).get(index);
                its.add(new InvoiceDay(held.share().from().plusDays(day), charge.quantity(), charge.amount()));
            }
            lines.add(line(lines.size() + 1, held, days.getFirst().get(index), end, its));
        }
    }

    private static Line line(int number, Held held, Charge first, LocalDate end, List<InvoiceDay> days) {
        BigInteger quantity = days.stream().map(InvoiceDay::quantity).reduce(BigInteger.ZERO, BigInteger::add);
        Meter meter = first.meter();
        return new Line(
                new InvoiceLine(
                        number,
                        LineKind.of(first.kind()),
                        meter,
                        held.plan().name(),
                        held.share().from(),
                        end,
                        quantity,
                        meter == null ? DAY : meter.unit(),
                        meter == null
                                ? quantity.toString()
                                : meter.units(quantity).toPlainString(),
                        days.stream().mapToLong(InvoiceDay::amount).reduce(0, Math::addExact)),
                days);
    }

    long net() {
        return lines.stream().mapToLong(line -> line.line().amount()).reduce(0, Math::addExact);
    }
}
