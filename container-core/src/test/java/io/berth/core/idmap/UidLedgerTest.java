// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.ContainerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UidLedgerTest {
    private static final long BASE = 536_870_912L;
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path notes;

    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private List<ForeignIds> others = List.of();

    /** What the test says it is. */
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private UidLedger ledger(int ranges) {
        return new UidLedger(new IdPool(BASE, ranges), HOUR, () -> others, notes, clock);
    }

    private static ContainerId fresh() {
        return new ContainerId(UUID.randomUUID());
    }

    private static long range(int index) {
        return BASE + (long) index * IdPool.RANGE;
    }

    @Test
    void rangesNeverOverlap() {
        UidLedger ledger = ledger(100);
        Set<Long> starts = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            long start = ledger.allocate(fresh());
            assertThat((start - BASE) % IdPool.RANGE).isZero();
            assertThat(starts.add(start)).isTrue();
        }
        assertThat(ledger.free()).isZero();
    }

    @Test
    void fullPoolSaysSoAndTheCure() {
        UidLedger ledger = ledger(1);
        ledger.allocate(fresh());
        assertThatThrownBy(() -> ledger.allocate(fresh()))
                .isInstanceOf(UidsExhaustedException.class)
                .hasMessageContaining("1 have an owner")
                .hasMessageContaining("BERTH_UID_RANGES");
    }

    @Test
    void freedRangeIsUsedAgainLastAndNotBeforeItsQuarantineIsOver() {
        UidLedger ledger = ledger(3);
        long first = ledger.allocate(fresh());
        ledger.release(first);
        now = now.plusSeconds(1);
        long second = ledger.allocate(fresh());
        ledger.release(second);
        ledger.allocate(fresh());
        assertThatThrownBy(() -> ledger.allocate(fresh()))
                .isInstanceOf(UidsExhaustedException.class)
                .hasMessageContaining("leaves its quarantine at 2026-11-25T13:00:00Z");
        now = now.plus(HOUR);
        assertThat(ledger.free()).isEqualTo(2);
        assertThat(List.of(ledger.allocate(fresh()), ledger.allocate(fresh()))).containsExactly(first, second);
    }

    @Test
    void quarantineOutlivesTheAgent() {
        long used = ledger(2).allocate(fresh());
        UidLedger next = ledger(2);
        next.claim(used, fresh());
        next.settle();
        next.release(used);
        UidLedger third = ledger(2);
        third.settle();
        assertThat(third.allocate(fresh())).isNotEqualTo(used);
        assertThat(third.free()).isZero();
        now = now.plus(HOUR);
        assertThat(ledger(2).free()).as("the other is held by nobody known").isEqualTo(2);
    }

    /** The agent died after it had taken a range and before it had written a record: somebody may have used it. */
    @Test
    void rangeWhoseHolderDiedWithTheAgentGoesIntoQuarantine() {
        long container = ledger(3).allocate(fresh());
        UidLedger next = ledger(3);
        long build = next.allocate(null);
        assertThat(build).isNotEqualTo(container);
        UidLedger third = ledger(3);
        third.settle();
        assertThat(third.ranges(List.of()))
                .extracting(IdRange::state)
                .containsExactly(IdRange.State.QUARANTINED, IdRange.State.QUARANTINED);
        assertThat(third.allocate(fresh())).isNotIn(container, build);
    }

    /** The agent died between the note and the record's removal: the deletion is done again, and the record is right till then. */
    @Test
    void recordOutweighsANoteThatSaysQuarantine() {
        ContainerId owner = fresh();
        UidLedger ledger = ledger(1);
        long start = ledger.allocate(owner);
        ledger.release(start);
        UidLedger next = ledger(1);
        next.claim(start, owner);
        next.settle();
        assertThat(next.ranges(List.of())).extracting(IdRange::state).containsExactly(IdRange.State.OWNED);
        now = now.plus(HOUR.multipliedBy(2));
        assertThatThrownBy(() -> next.allocate(fresh())).isInstanceOf(UidsExhaustedException.class);
    }

    /** What a power cut can leave of a note that was not forced to disk, and what a death leaves of an unfinished one. */
    @Test
    void tornNoteCountsAsUsedAMomentAgo() throws Exception {
        for (String torn : List.of("", "held image-build since 2026", "quarantined x since y until z\n", "\0\0\0")) {
            Files.writeString(notes.resolve(Long.toString(BASE)), torn);
            Files.writeString(notes.resolve(BASE + ".new"), "held");
            UidLedger ledger = ledger(2);
            ledger.settle();
            assertThat(ledger.free()).as(torn).isEqualTo(1);
            assertThat(notes.resolve(BASE + ".new")).doesNotExist();
        }
    }

    @Test
    void whatOthersOwnIsNeverHandedOut() {
        others = List.of(new ForeignIds(range(1) - 1, 2, "/etc/subuid line 7 (ann)", "move it"));
        UidLedger ledger = ledger(3);
        assertThat(ledger.free()).isEqualTo(1);
        assertThat(ledger.allocate(fresh())).isEqualTo(range(2));
        assertThatThrownBy(() -> ledger.allocate(fresh()))
                .hasMessageContaining("/etc/subuid line 7 (ann) has ids 536936447 to 536936448: move it");
    }

    @Test
    void hostIsAskedAtEachAllocation() {
        UidLedger ledger = ledger(3);
        assertThat(ledger.allocate(fresh())).isEqualTo(range(0));
        others = List.of(new ForeignIds(range(1), 1, "process 7", "end it"));
        assertThat(ledger.allocate(fresh())).isEqualTo(range(2));
        others = List.of();
        assertThat(ledger.allocate(fresh())).isEqualTo(range(1));
    }

    @Test
    void reportSaysWhoHasWhatSinceWhenAndWhoElse() {
        ContainerId owner = fresh();
        UidLedger ledger = ledger(5);
        long mine = ledger.allocate(owner);
        long lent = ledger.allocate(null);
        long gone = ledger.allocate(fresh());
        ledger.release(gone);
        ForeignIds ann = new ForeignIds(range(0), 1, "/etc/passwd line 3 (ann)", "move her");
        ForeignIds bob = new ForeignIds(range(4), 9, "/etc/subgid line 1 (bob)", "move it");
        List<IdRange> ranges = ledger.ranges(List.of(ann, bob));
        assertThat(ranges).extracting(IdRange::start).containsExactly(mine, lent, gone, range(4));
        assertThat(ranges.get(0)).isEqualTo(new IdRange(mine, IdRange.State.OWNED, owner, now, null, List.of(ann)));
        assertThat(ranges.get(1)).isEqualTo(new IdRange(lent, IdRange.State.LENT, null, now, null, List.of()));
        assertThat(ranges.get(2).until()).isEqualTo(now.plus(HOUR));
        assertThat(ranges.get(3)).isEqualTo(new IdRange(range(4), IdRange.State.FRESH, null, null, null, List.of(bob)));
        now = now.plus(HOUR);
        assertThat(ledger.ranges(List.of()).get(2).state()).isEqualTo(IdRange.State.RESTED);
    }

    @Test
    void twoRecordsOfOneRangeStopTheAgent() {
        UidLedger ledger = ledger(3);
        ledger.claim(BASE, fresh());
        assertThatThrownBy(() -> ledger.claim(BASE, fresh())).hasMessageContaining("two containers");
        assertThatThrownBy(() -> ledger.claim(BASE + 1, fresh())).hasMessageContaining("outside the pool");
        assertThatThrownBy(() -> ledger.claim(BASE - IdPool.RANGE, fresh())).hasMessageContaining("outside the pool");
    }

    @Test
    void poolThatTouchesTheHostsOwnIdsIsRefused() {
        assertThatThrownBy(() -> new IdPool(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IdPool(BASE + 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IdPool(BASE, 65_536)).isInstanceOf(IllegalArgumentException.class);
    }
}
