// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SnapshotIdTest {
    private static final Random RANDOM = new Random(1);

    @Test
    void anIdTellsItsTimeAndSortsByIt() {
        Instant time = Instant.parse("2026-11-25T12:34:56.789Z");
        SnapshotId id = SnapshotId.at(time, RANDOM);
        assertThat(id.takenAt()).isEqualTo(time);
        assertThat(id.value().version()).isEqualTo(7);
        assertThat(id.value().variant()).isEqualTo(2);
        assertThat(SnapshotId.of(id.toString())).isEqualTo(id);
        SnapshotId later = SnapshotId.at(time.plusMillis(1), RANDOM);
        assertThat(List.of(later, id))
                .isNotEqualTo(List.of(later, id).stream().sorted().toList());
        assertThat(SnapshotId.at(time, RANDOM)).isNotEqualTo(id);
    }

    @Test
    void nothingElseIsOne() {
        for (String text : List.of("", "../x", UUID.randomUUID().toString(), "01A2141D-D652-7AE8-95C1-C50D14015DAC")) {
            assertThatThrownBy(() -> SnapshotId.of(text)).isInstanceOf(InvalidSpecException.class);
        }
    }

    @Test
    void aReasonForQuarantineIsOnePlainLine() {
        assertThat(new QuarantineReason("CVE-2026-1: \u00e9vasion (see #7)").value())
                .hasSize(28);
        for (String text : List.of("", "   ", "a\nb", "\u001b[2J", "a\u202eb", "\u0000", "x".repeat(201))) {
            assertThatThrownBy(() -> new QuarantineReason(text)).isInstanceOf(InvalidSpecException.class);
        }
    }
}
