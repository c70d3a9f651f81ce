// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterRoundsTest {
    private static final MeterReading READING = new MeterReading(
            ContainerId.of("01234567-89ab-4cde-8f01-23456789abcd"),
            Instant.parse("2026-11-26T12:00:00.123456789Z"),
            Instant.parse("2026-11-26T11:00:00Z"),
            new Limits(1 << 30, 1000, 100),
            12L,
            13L,
            null,
            14L,
            15L,
            null,
            null);

    @TempDir
    private Path directory;

    private static MeterRound round(MeterRounds rounds) {
        MeterRound round = new MeterRound(
                rounds.series(), rounds.next(), Instant.EPOCH, UUID.randomUUID(), List.of(READING, READING));
        rounds.add(round);
        return round;
    }

    @Test
    void aRoundIsReadAsItWasWritten() {
        MeterRounds rounds = new MeterRounds(directory, 10);
        MeterRound round = round(rounds);
        assertThat(rounds.from(1)).contains(round);
        assertThat(rounds.from(2)).isEmpty();
    }

    @Test
    void theOldestGoesAndWhoeverAsksForItGetsTheNext() {
        MeterRounds rounds = new MeterRounds(directory, 3);
        for (int i = 0; i < 5; i++) {
            round(rounds);
        }
        assertThat(rounds.numbers()).containsExactly(3L, 4L, 5L);
        assertThat(rounds.from(1).orElseThrow().number()).isEqualTo(3);
    }

    @Test
    void numbersGoOnWhereTheLastProcessLeftThemWhateverItLeftHalfDone() throws Exception {
        long series = new MeterRounds(directory, 3).series();
        round(new MeterRounds(directory, 3));
        Files.writeString(directory.resolve("new"), "half");
        MeterRounds again = new MeterRounds(directory, 3);
        assertThat(again.series()).isEqualTo(series);
        assertThat(again.next()).isEqualTo(2);
    }

    @Test
    void whatCannotBeReadHoldsUpNothing() throws Exception {
        MeterRounds rounds = new MeterRounds(directory, 10);
        for (int i = 0; i < 3; i++) {
            round(rounds);
        }
        Files.writeString(directory.resolve("%019d.json.gz".formatted(1)), "no archive");
        try (var zip = new GZIPOutputStream(Files.newOutputStream(directory.resolve("%019d.json.gz".formatted(2))))) {
            zip.write("{\"series\":1}".getBytes(StandardCharsets.UTF_8)); // of another version
        }
        assertThat(rounds.from(1).orElseThrow().number()).isEqualTo(3);
        assertThat(rounds.next()).isEqualTo(4);
    }
}
