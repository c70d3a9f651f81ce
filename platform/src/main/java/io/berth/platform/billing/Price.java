// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/**
 * What a meter costs: so much included, then tier by tier.
 *
 * @param included units, in a whole month
 * @param tiers at least one, with bounds that rise; the last has none
 */
record Price(Meter meter, Granularity granularity, BigDecimal included, List<Tier> tiers) {
    Price {
        tiers = List.copyOf(tiers);
        if (included.signum() < 0) {
            throw new IllegalArgumentException("what is included is 0 or more: " + included);
        }
        if (granularity == Granularity.HOUR && !meter.isOverTime()) {
            throw new IllegalArgumentException(meter + " is not had for a time; charge it by the SECOND");
        }
        checkBounds(tiers);
    }

    private static void checkBounds(List<Tier> tiers) {
        if (tiers.isEmpty() || tiers.getLast().upTo() != null) {
            throw new IllegalArgumentException("the last tier has no bound, so that everything has a price");
        }
        BigDecimal before = BigDecimal.ZERO;
        for (Tier tier : tiers.subList(0, tiers.size() - 1)) {
            BigDecimal bound = tier.upTo();
            if (bound == null || bound.compareTo(before) <= 0) {
                throw new IllegalArgumentException("bounds of tiers rise, and only the last tier has none");
            }
            before = bound;
        }
    }

    /**
     * What a quantity costs, not rounded: never less for more.
     *
     * @param quantity parts of the meter's unit
     * @param share of the month, which what is included and the tiers' bounds are cut down to
     * @return major units times {@link Meter#parts}: an exact number
     */
    BigDecimal timesParts(BigInteger quantity, Share share) {
        BigInteger left = quantity.subtract(parts(included, share)).max(BigInteger.ZERO);
        BigInteger below = BigInteger.ZERO;
        BigDecimal sum = BigDecimal.ZERO;
        for (Tier tier : tiers) {
            BigInteger bound =
                    tier.upTo() == null ? left : parts(tier.upTo(), share).min(left);
            BigInteger inTier = bound.subtract(below).max(BigInteger.ZERO);
            sum = sum.add(tier.unitPrice().multiply(new BigDecimal(inTier)));
            below = below.max(bound);
        }
        return sum;
    }

    /** Whole parts; what is less than one is not given away. */
    private BigInteger parts(BigDecimal units, Share share) {
        return units.multiply(new BigDecimal(meter.parts()))
                .multiply(BigDecimal.valueOf(share.days()))
                .divide(BigDecimal.valueOf(share.monthDays()), 0, RoundingMode.DOWN)
                .toBigIntegerExact();
    }
}
