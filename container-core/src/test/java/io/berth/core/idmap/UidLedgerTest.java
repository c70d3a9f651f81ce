// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UidLedgerTest {
    private static final long BASE = 536_870_912L;

    @Test
    void rangesNeverOverlap() {
        UidLedger ledger = new UidLedger(BASE, 100, List.of());
        Set<Long> starts = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            long start = ledger.allocate();
            assertThat((start - BASE) % UidLedger.RANGE).isZero();
            assertThat(starts.add(start)).isTrue();
        }
        assertThat(ledger.free()).isZero();
    }

    @Test
    void fullPoolSaysSoAndTheCure() {
        UidLedger ledger = new UidLedger(BASE, 1, List.of());
        ledger.allocate();
        assertThatThrownBy(ledger::allocate)
                .isInstanceOf(UidsExhaustedException.class)
                .hasMessageContaining("BERTH_UID_RANGES");
    }

    @Test
    void freedRangeIsUsedAgainLast() {
        UidLedger ledger = new UidLedger(BASE, 3, List.of());
        long first = ledger.allocate();
        ledger.release(first);
        assertThat(List.of(ledger.allocate(), ledger.allocate())).doesNotContain(first);
        assertThat(ledger.allocate()).isEqualTo(first);
    }

    @Test
    void whatOthersOwnIsNeverHandedOut() {
        UidLedger.Foreign foreign = new UidLedger.Foreign(BASE + UidLedger.RANGE - 1, 2, "/etc/subuid (user)");
        UidLedger ledger = new UidLedger(BASE, 3, List.of(foreign));
        assertThat(ledger.free()).isEqualTo(1);
        assertThat(ledger.allocate()).isEqualTo(BASE + 2L * UidLedger.RANGE);
    }

    @Test
    void twoRecordsOfOneRangeStopTheAgent() {
        UidLedger ledger = new UidLedger(BASE, 3, List.of());
        ledger.claim(BASE);
        assertThatThrownBy(() -> ledger.claim(BASE)).hasMessageContaining("two containers");
        assertThatThrownBy(() -> ledger.claim(BASE + 1)).hasMessageContaining("outside the pool");
        assertThatThrownBy(() -> ledger.claim(BASE - UidLedger.RANGE)).hasMessageContaining("outside the pool");
    }

    @Test
    void poolThatTouchesTheHostsOwnIdsIsRefused() {
        assertThatThrownBy(() -> new UidLedger(0, 1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UidLedger(BASE + 1, 1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UidLedger(BASE, 65_536, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void subordinateIdsAreReadAsNewuidmapDoes(@TempDir Path directory) throws Exception {
        Path subuid =
                Files.writeString(directory.resolve("subuid"), "ann:100000:65536\n# note\nbob:x:1\n\nbob:200000:10\n");
        assertThat(SubordinateIds.read(List.of(subuid, directory.resolve("missing"))))
                .extracting(UidLedger.Foreign::first, UidLedger.Foreign::count)
                .containsExactly(tuple(100_000L, 65_536L), tuple(200_000L, 10L));
    }
}
