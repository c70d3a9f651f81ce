// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What usage costs. Always from the beginning of a plan's share of a month up to a day: each line is computed exactly and rounded once, and a day costs what the
 * sum of all days up to it costs beyond the sum of those before. So days add up to their month by themselves, under every price book, and no cent can get
 * lost in between; as nothing costs less when there is more of it, no day's sum is below 0.
 */
final class Rating {
    private Rating() {}

    /**
     * From the share's beginning.
     *
     * @param days how many of the share's days
     * @param used in these
     * @return a line for the flat fee, for each price, and for the minimum, where the plan has one, in this order, whatever they come to
     */
    static List<Charge> charges(Terms terms, Share share, int days, Quantities used) {
        if (days < 0 || days > share.days()) {
            throw new IllegalArgumentException(days + " of " + share.days() + " days");
        }
        List<Charge> charges = new ArrayList<>();
        if (terms.flatMonthly() > 0) {
            charges.add(new Charge(
                    Charge.Kind.FLAT,
                    null,
                    BigInteger.valueOf(days),
                    prorated(terms, terms.flatMonthly(), days, share.monthDays())));
        }
        for (Price price : terms.prices()) {
            BigInteger quantity = used.of(price);
            charges.add(new Charge(Charge.Kind.USAGE, price.meter(), quantity, amount(terms, price, quantity, share)));
        }
        if (terms.minimumMonthly() > 0) {
            long minimum = prorated(terms, terms.minimumMonthly(), days, share.monthDays());
            charges.add(new Charge(
                    Charge.Kind.MINIMUM, null, BigInteger.valueOf(days), Math.max(0, minimum - sum(charges))));
        }
        return charges;
    }

    private static long amount(Terms terms, Price price, BigInteger quantity, Share share) {
        return price.timesParts(quantity, share)
                .movePointRight(terms.currency().getDefaultFractionDigits())
                .divide(
                        new BigDecimal(price.meter().parts()),
                        0,
                        terms.rounding().mode())
                .longValueExact();
    }

    private static long prorated(Terms terms, long monthly, int days, int monthDays) {
        return BigDecimal.valueOf(monthly)
                .multiply(BigDecimal.valueOf(days))
                .divide(BigDecimal.valueOf(monthDays), 0, terms.rounding().mode())
                .longValueExact();
    }

    static long sum(List<Charge> charges) {
        return charges.stream().mapToLong(Charge::amount).reduce(0, Math::addExact);
    }

    /**
     * Day by day: each day's lines, in the order of {@link #charges}. A line of the minimum can be negative, where a day's usage makes up for what
     * earlier days were short of; a whole day never is.
     *
     * @param used of each of the share's first days
     */
    static List<List<Charge>> days(Terms terms, Share share, List<Quantities> used) {
        List<List<Charge>> days = new ArrayList<>();
        Quantities soFar = Quantities.NONE;
        List<Charge> before = charges(terms, share, 0, soFar);
        for (Quantities day : used) {
            soFar = soFar.plus(day);
            List<Charge> now = charges(terms, share, days.size() + 1, soFar);
            days.add(difference(before, now));
            before = now;
        }
        return days;
    }

    private static List<Charge> difference(List<Charge> before, List<Charge> now) {
        List<Charge> difference = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            Charge line = now.get(i);
            difference.add(new Charge(
                    line.kind(),
                    line.meter(),
                    line.quantity().subtract(before.get(i).quantity()),
                    line.amount() - before.get(i).amount()));
        }
        return difference;
    }
}
