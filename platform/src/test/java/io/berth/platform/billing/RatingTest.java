// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RatingTest {
    private static final Share NOVEMBER = Share.of(YearMonth.of(2026, 11));
    private static final List<Meter> METERS = List.of(Meter.values());
    private static final Currency EUR = Currency.getInstance("EUR");

    private static Price flat(Meter meter, String unitPrice) {
        return new Price(
                meter, Granularity.SECOND, BigDecimal.ZERO, List.of(new Tier(null, new BigDecimal(unitPrice))));
    }

    private static Terms terms(long flat, long minimum, Price... prices) {
        return new Terms(EUR, Rounding.HALF_UP, List.of(prices), flat, minimum);
    }

    private static Quantities used(Meter meter, long units) {
        return new Quantities(Map.of(meter, meter.parts().multiply(BigInteger.valueOf(units))), Map.of());
    }

    @Test
    void unitsTimesPriceIsTheAmount() {
        assertThat(Rating.charges(terms(0, 0, flat(Meter.VCPU, "0.0123")), NOVEMBER, 30, used(Meter.VCPU, 1000)))
                .extracting(Charge::amount)
                .containsExactly(1230L);
    }

    @Test
    void tiersAreFilledOneAfterTheOtherBeyondWhatIsIncluded() {
        Price price = new Price(
                Meter.SENT,
                Granularity.SECOND,
                new BigDecimal(100),
                List.of(
                        new Tier(new BigDecimal(10), new BigDecimal("0.10")),
                        new Tier(new BigDecimal(50), new BigDecimal("0.05")),
                        new Tier(null, new BigDecimal("0.01"))));
        Terms terms = terms(0, 0, price);
        assertThat(Rating.sum(Rating.charges(terms, NOVEMBER, 30, used(Meter.SENT, 100))))
                .isZero();
        assertThat(Rating.sum(Rating.charges(terms, NOVEMBER, 30, used(Meter.SENT, 110))))
                .isEqualTo(100);
        assertThat(Rating.sum(Rating.charges(terms, NOVEMBER, 30, used(Meter.SENT, 150))))
                .isEqualTo(300);
        assertThat(Rating.sum(Rating.charges(terms, NOVEMBER, 30, used(Meter.SENT, 250))))
                .isEqualTo(400);
        // a third of the month has a third of what is included, and of each bound
        Share tenDays = new Share(NOVEMBER.from(), NOVEMBER.from().plusDays(10));
        assertThat(Rating.sum(Rating.charges(terms, tenDays, 10, used(Meter.SENT, 33))))
                .isZero();
    }

    @Test
    void aFlatFeeIsSharedOutByDaysAndAMinimumFillsUp() {
        Terms terms = terms(1000, 2500, flat(Meter.CPU, "1.00"));
        assertThat(Rating.charges(terms, NOVEMBER, 30, used(Meter.CPU, 3)))
                .extracting(Charge::amount)
                .containsExactly(1000L, 300L, 1200L);
        assertThat(Rating.charges(terms, NOVEMBER, 15, used(Meter.CPU, 3)))
                .extracting(Charge::amount)
                .containsExactly(500L, 300L, 450L);
        assertThat(Rating.charges(terms, NOVEMBER, 30, used(Meter.CPU, 30)))
                .extracting(Charge::amount)
                .containsExactly(1000L, 3000L, 0L);
    }

    @Test
    void theSameCentIsRoundedAsTheBookSays() {
        for (var expected : Map.of(Rounding.HALF_UP, 1L, Rounding.HALF_EVEN, 0L, Rounding.DOWN, 0L, Rounding.UP, 1L)
                .entrySet()) {
            Terms terms = new Terms(EUR, expected.getKey(), List.of(flat(Meter.CPU, "0.005")), 0, 0);
            assertThat(Rating.sum(Rating.charges(terms, NOVEMBER, 30, used(Meter.CPU, 1))))
                    .as(expected.getKey().name())
                    .isEqualTo(expected.getValue());
        }
    }

    @Test
    void aCurrencyHasItsOwnMinorUnit() {
        for (var expected : Map.of("JPY", 12L, "EUR", 1235L, "KWD", 12_346L).entrySet()) {
            Terms terms = new Terms(
                    Currency.getInstance(expected.getKey()),
                    Rounding.HALF_UP,
                    List.of(flat(Meter.CPU, "12.3456")),
                    0,
                    0);
            assertThat(Rating.sum(Rating.charges(terms, NOVEMBER, 30, used(Meter.CPU, 1))))
                    .isEqualTo(expected.getValue());
        }
    }

    @Test
    void pricesThatMakeNoSenseAreRefused() {
        Tier open = new Tier(null, BigDecimal.ONE);
        Tier ten = new Tier(BigDecimal.TEN, BigDecimal.ONE);
        for (List<Tier> tiers : List.of(List.<Tier>of(), List.of(ten), List.of(open, open), List.of(ten, ten, open))) {
            assertThatThrownBy(() -> new Price(Meter.CPU, Granularity.SECOND, BigDecimal.ZERO, tiers))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Price(Meter.SENT, Granularity.HOUR, BigDecimal.ZERO, List.of(open)))
                .hasMessageContaining("SECOND");
        assertThatThrownBy(() -> new Tier(null, new BigDecimal(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> terms(0, 0, flat(Meter.CPU, "1"), flat(Meter.CPU, "2")))
                .hasMessageContaining("two prices");
    }

    @Provide
    Arbitrary<Tier> tiers() {
        return Combinators.combine(
                        Arbitraries.bigDecimals()
                                .between(new BigDecimal("0.001"), new BigDecimal(5000))
                                .ofScale(3),
                        Arbitraries.bigDecimals()
                                .between(BigDecimal.ZERO, new BigDecimal(20))
                                .ofScale(9))
                .as(Tier::new);
    }

    /** A ladder of up to three bounds and a last tier without one. */
    @Provide
    Arbitrary<List<Tier>> ladders() {
        return tiers().list().ofMinSize(1).ofMaxSize(4).map(RatingTest::ladder);
    }

    private static List<Tier> ladder(List<Tier> steps) {
        List<Tier> ladder = new ArrayList<>();
        BigDecimal bound = BigDecimal.ZERO;
        for (Tier step : steps.subList(0, steps.size() - 1)) {
            bound = bound.add(step.upTo() == null ? BigDecimal.ONE : step.upTo());
            ladder.add(new Tier(bound, step.unitPrice()));
        }
        ladder.add(new Tier(null, steps.getLast().unitPrice()));
        return ladder;
    }

    @Provide
    Arbitrary<Terms> books() {
        Arbitrary<List<List<Tier>>> ladders = ladders().list().ofSize(Meter.values().length);
        Arbitrary<List<Boolean>> chosen = Arbitraries.of(true, false).list().ofSize(Meter.values().length);
        Arbitrary<BigDecimal> included = Arbitraries.bigDecimals()
                .between(BigDecimal.ZERO, new BigDecimal(2000))
                .ofScale(2);
        return Combinators.combine(
                        Arbitraries.of("EUR", "JPY", "KWD"),
                        Arbitraries.of(Rounding.class),
                        ladders,
                        chosen,
                        included,
                        Arbitraries.longs().between(0, 50_000),
                        Arbitraries.longs().between(0, 100_000))
                .as((currency, rounding, tiers, has, free, flat, minimum) ->
                        new Terms(Currency.getInstance(currency), rounding, prices(tiers, has, free), flat, minimum));
    }

    private static List<Price> prices(List<List<Tier>> ladders, List<Boolean> has, BigDecimal included) {
        return Arrays.stream(Meter.values())
                .filter(meter -> has.get(METERS.indexOf(meter)))
                .map(meter -> new Price(
                        meter,
                        meter.isOverTime() && METERS.indexOf(meter) % 2 == 0 ? Granularity.HOUR : Granularity.SECOND,
                        included,
                        ladders.get(METERS.indexOf(meter))))
                .toList();
    }

    @Provide
    Arbitrary<List<Quantities>> months() {
        Arbitrary<BigInteger> quantity =
                Arbitraries.bigIntegers().between(BigInteger.ZERO, BigInteger.valueOf(4_000_000_000_000_000L));
        return quantity.list()
                .ofSize(Meter.values().length)
                .map(RatingTest::quantities)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    private static Quantities quantities(List<BigInteger> values) {
        Map<Meter, BigInteger> map = new EnumMap<>(Meter.class);
        Arrays.stream(Meter.values()).forEach(meter -> map.put(meter, values.get(METERS.indexOf(meter))));
        return new Quantities(map, map);
    }

    private static Quantities all(List<Quantities> days) {
        return days.stream().reduce(Quantities.NONE, Quantities::plus);
    }

    @Property(tries = 400)
    void theInvoiceOfAMonthIsTheSumOfItsDaysUnderEveryPriceBook(
            @ForAll("books") Terms terms, @ForAll("months") List<Quantities> month) {
        List<List<Charge>> days = Rating.days(terms, NOVEMBER, month);
        List<Charge> whole = Rating.charges(terms, NOVEMBER, month.size(), all(month));
        assertThat(days.stream().mapToLong(Rating::sum).sum()).isEqualTo(Rating.sum(whole));
        for (int line = 0; line < whole.size(); line++) {
            int at = line;
            assertThat(days.stream().mapToLong(day -> day.get(at).amount()).sum())
                    .isEqualTo(whole.get(line).amount());
            assertThat(days.stream().map(day -> day.get(at).quantity()).reduce(BigInteger.ZERO, BigInteger::add))
                    .isEqualTo(whole.get(line).quantity());
        }
    }

    @Property(tries = 400)
    void noDayAndNoLineOfAMonthIsNegative(@ForAll("books") Terms terms, @ForAll("months") List<Quantities> month) {
        assertThat(Rating.days(terms, NOVEMBER, month)).allMatch(day -> Rating.sum(day) >= 0);
        assertThat(Rating.charges(terms, NOVEMBER, month.size(), all(month))).allMatch(line -> line.amount() >= 0);
    }

    @Property(tries = 400)
    void theOrderOfDaysDoesNotMatterToTheMonth(@ForAll("books") Terms terms, @ForAll("months") List<Quantities> month) {
        List<Quantities> reversed = new ArrayList<>(month);
        Collections.reverse(reversed);
        assertThat(Rating.days(terms, NOVEMBER, reversed).stream()
                        .mapToLong(Rating::sum)
                        .sum())
                .isEqualTo(Rating.days(terms, NOVEMBER, month).stream()
                        .mapToLong(Rating::sum)
                        .sum());
    }

    @Property(tries = 400)
    void noMonthIsBelowItsMinimumOrItsFlatFee(@ForAll("books") Terms terms, @ForAll("months") List<Quantities> month) {
        assertThat(Rating.sum(Rating.charges(terms, NOVEMBER, 30, all(month))))
                .isGreaterThanOrEqualTo(Math.max(terms.minimumMonthly(), terms.flatMonthly()));
    }

    /** With one price for all units and nothing included, parts that are charged by themselves differ by what is rounded, and no more. */
    @Property(tries = 400)
    void splittingAnIntervalChangesNoPriceByMoreThanRounding(
            @ForAll @BigRange(min = "0", max = "20") BigDecimal unitPrice,
            @ForAll Rounding rounding,
            @ForAll @Size(min = 1, max = 10) List<@BigRange(min = "0", max = "4000000000000000") BigInteger> parts) {
        Terms terms = new Terms(EUR, rounding, List.of(flat(Meter.MEMORY, unitPrice.toPlainString())), 0, 0);
        long apart = parts.stream().mapToLong(part -> price(terms, part)).sum();
        BigInteger whole = parts.stream().reduce(BigInteger.ZERO, BigInteger::add);
        assertThat(Math.abs(apart - price(terms, whole))).isLessThanOrEqualTo(parts.size());
    }

    private static long price(Terms terms, BigInteger quantity) {
        return Rating.sum(Rating.charges(terms, NOVEMBER, 1, new Quantities(Map.of(Meter.MEMORY, quantity), Map.of())));
    }

    /** A plan that changes within the month has its flat fee shared out; the parts are the whole but for what is rounded. */
    @Property(tries = 200)
    void aMonthInTwoSharesCostsTheSameFlatFee(
            @ForAll @IntRange(min = 1, max = 29) int cut, @ForAll @IntRange(min = 1, max = 1_000_000) int flat) {
        Share first = new Share(NOVEMBER.from(), NOVEMBER.from().plusDays(cut));
        Share second = new Share(NOVEMBER.from().plusDays(cut), NOVEMBER.to());
        long sum = Rating.sum(Rating.charges(terms(flat, 0), first, cut, Quantities.NONE))
                + Rating.sum(Rating.charges(terms(flat, 0), second, 30 - cut, Quantities.NONE));
        assertThat(Math.abs(sum - flat)).isLessThanOrEqualTo(1);
    }
}
