// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much of everything was used, in parts of the meters' units.
 *
 * @param bySecond as it was
 * @param byHour with begun hours whole, of the meters that are over time
 */
record Quantities(Map<Meter, BigInteger> bySecond, Map<Meter, BigInteger> byHour) {
    static final Quantities NONE = new Quantities(Map.of(), Map.of());

    Quantities {
        bySecond = Map.copyOf(bySecond);
        byHour = Map.copyOf(byHour);
    }

    BigInteger of(Price price) {
        Map<Meter, BigInteger> quantities = price.granularity() == Granularity.HOUR ? byHour : bySecond;
        return quantities.getOrDefault(price.meter(), BigInteger.ZERO);
    }

    Quantities plus(Quantities more) {
        return new Quantities(sum(bySecond, more.bySecond), sum(byHour, more.byHour));
    }

    private static Map<Meter, BigInteger> sum(Map<Meter, BigInteger> one, Map<Meter, BigInteger> other) {
        Map<Meter, BigInteger> sum = new EnumMap<>(Meter.class);
        sum.putAll(one);
        other.forEach((meter, quantity) -> sum.merge(meter, quantity, BigInteger::add));
        return sum;
    }

    /** The same so many times over. */
    Quantities times(int factor) {
        return new Quantities(times(bySecond, factor), times(byHour, factor));
    }

    private static Map<Meter, BigInteger> times(Map<Meter, BigInteger> quantities, int factor) {
        Map<Meter, BigInteger> product = new EnumMap<>(Meter.class);
        quantities.forEach((meter, quantity) -> product.put(meter, quantity.multiply(BigInteger.valueOf(factor))));
        return product;
    }
}
