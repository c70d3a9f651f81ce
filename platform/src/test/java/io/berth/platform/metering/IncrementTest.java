// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.MeterReading;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IncrementTest {
    private static final UUID ID = UUID.fromString("01234567-89ab-4cde-8f01-23456789abcd");
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final Limits LIMITS = new Limits(1 << 30, 1000, 100);

    private static MeterReading reading(long at, @Nullable Long since, @Nullable Long cpu) {
        return new MeterReading(
                new ContainerId(ID),
                NOON.plusSeconds(at),
                since == null ? null : NOON.plusSeconds(since),
                LIMITS,
                cpu,
                cpu == null ? null : 4096L,
                null,
                cpu,
                cpu,
                null,
                null);
    }

    private static List<Increment> all(MeterReading... readings) {
        LastReading last = LastReading.none(ID, ID, "box");
        List<Increment> increments = new ArrayList<>();
        for (MeterReading reading : readings) {
            Increment increment = Increment.between(last, reading);
            increments.add(increment);
            last = last.with(increment);
        }
        return increments;
    }

    private static long cpu(List<Increment> increments) {
        return increments.stream().mapToLong(one -> one.used().cpuMicros()).sum();
    }

    @Test
    void aCounterIsCountedFromOneSampleToTheNext() {
        List<Increment> found = all(reading(0, -20L, 100L), reading(60, -20L, 250L), reading(120, -20L, 250L));
        assertThat(found).extracting(one -> one.used().cpuMicros()).containsExactly(100L, 150L, 0L);
        assertThat(found).extracting(Increment::runningSeconds).containsExactly(20, 60, 60);
        assertThat(found).noneMatch(Increment::isReset);
    }

    @Test
    void whatRanBeforeAnybodyCountedIsNobodysToPay() {
        List<Increment> found = all(reading(0, -90_000L, 5_000L), reading(60, -90_000L, 5_010L));
        assertThat(cpu(found)).isEqualTo(10);
        assertThat(found.getFirst().seconds()).isZero();
    }

    @Test
    void aRestartBeginsAtZeroAndIsShownAsAReset() {
        List<Increment> found = all(reading(0, -20L, 100L), reading(30, -20L, 180L), reading(60, 45L, 7L));
        assertThat(cpu(found)).isEqualTo(187);
        assertThat(found.getLast().isReset()).isTrue();
        assertThat(found.getLast().runningSeconds()).isEqualTo(15);
        assertThat(found.getLast().seconds()).isEqualTo(30);
    }

    @Test
    void aCounterThatGoesBackWithinOneRunHasBegunAnewToo() {
        List<Increment> found = all(reading(0, -20L, 100L), reading(60, -20L, 30L), reading(120, -20L, 50L));
        assertThat(cpu(found)).isEqualTo(150);
        assertThat(found).extracting(Increment::isReset).containsExactly(false, true, false);
    }

    @Test
    void ofAGapCountersTellWhatWasUsedAndNobodyTellsTheRest() {
        List<Increment> found = all(reading(0, -20L, 100L), reading(7200, -20L, 900L));
        assertThat(cpu(found)).isEqualTo(900);
        assertThat(found.getLast().seconds()).isZero();
        assertThat(found.getLast().runningSeconds()).isZero();
        assertThat(found.getLast().gapSeconds()).isEqualTo(7200);
    }

    @Test
    void aCounterThatCouldNotBeReadIsMadeUpForByTheNext() {
        List<Increment> found = all(reading(0, -20L, 100L), reading(60, -20L, null), reading(120, -20L, 130L));
        assertThat(cpu(found)).isEqualTo(130);
        assertThat(found.getLast().isReset()).isFalse();
    }

    @Test
    void aClockThatIsSetBackMakesNoTime() {
        List<Increment> found = all(reading(100, 90L, 1L), reading(40, 90L, 5L), reading(100, 90L, 6L));
        assertThat(found).extracting(Increment::seconds).containsExactly(10, 0, 60);
        assertThat(cpu(found)).isEqualTo(6);
    }

    @Test
    void aStoppedContainerTakesDiskAndNoProcessor() {
        List<Increment> found = all(reading(0, -20L, 100L), reading(60, null, null), reading(120, null, null));
        assertThat(found.getLast().seconds()).isEqualTo(60);
        assertThat(found.getLast().runningSeconds()).isZero();
    }

    @Provide
    Arbitrary<List<MeterReading>> lives() {
        Arbitrary<Integer> pauses = Arbitraries.integers().between(0, 200);
        Arbitrary<Integer> uses = Arbitraries.integers().between(0, 1000);
        Arbitrary<Integer> events = Arbitraries.integers().between(0, 9);
        return Combinators.combine(pauses, uses, events)
                .as((pause, use, event) -> new int[] {pause, use, event})
                .list()
                .ofMaxSize(60)
                .map(IncrementTest::life);
    }

    /** A container that uses, now and then stops, and now and then starts anew. */
    private static List<MeterReading> life(List<int[]> steps) {
        List<MeterReading> readings = new ArrayList<>();
        long at = 0;
        long since = -1;
        long cpu = 0;
        for (int[] step : steps) {
            at += step[0];
            cpu += step[1];
            if (step[2] == 0) {
                readings.add(reading(at, since, cpu)); // its end
                since = Math.max(at, since + 1); // no two runs begin at the same moment
                cpu = 0;
            } else {
                readings.add(reading(at, since, cpu));
            }
        }
        return readings;
    }

    /** Every microsecond that any run has counted is counted once: no fewer, and no more. */
    @Property(tries = 500)
    void nothingIsLostOrCountedTwiceHoweverOftenItStartsAnew(@ForAll("lives") List<MeterReading> life) {
        long used = 0;
        for (int i = 0; i < life.size(); i++) {
            boolean isLast = i + 1 == life.size() || !same(life.get(i), life.get(i + 1));
            Long cpu = life.get(i).cpuMicros();
            used += isLast && cpu != null ? cpu : 0;
        }
        List<Increment> found = all(life.toArray(MeterReading[]::new));
        boolean ranBefore = !life.isEmpty() && life.getFirst().at().isAfter(NOON.plusSeconds(149));
        if (!ranBefore) {
            assertThat(cpu(found)).isEqualTo(used);
        }
        assertThat(found).allMatch(one -> one.runningSeconds() >= 0 && one.runningSeconds() <= one.seconds());
        assertThat(found).allMatch(one -> one.seconds() == 0 || one.gapSeconds() == 0);
    }

    private static boolean same(MeterReading one, MeterReading other) {
        return String.valueOf(one.since()).equals(String.valueOf(other.since()));
    }
}
