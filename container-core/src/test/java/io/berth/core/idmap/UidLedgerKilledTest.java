// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.agent.ChildJvm;
import io.berth.core.spec.ContainerId;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGKILL at any moment of a ledger's life. */
class UidLedgerKilledTest {
    private static final long BASE = 536_870_912L;
    private static final int RANGES = 4096;
    private static final Duration QUARANTINE = Duration.ofDays(1);

    private static UidLedger ledger(Path notes) {
        return new UidLedger(new IdPool(BASE, RANGES), QUARANTINE, List::of, notes, Clock.systemUTC());
    }

    /** Takes ranges and gives every other one back until it is killed; says what it has done once it is done. */
    static final class Busy {
        private Busy() {}

        public static void main(String[] args) {
            UidLedger ledger = ledger(Path.of(args[0]));
            Deque<Long> held = new ArrayDeque<>();
            for (int i = 0; i < RANGES; i++) {
                long start = ledger.allocate(new ContainerId(UUID.randomUUID()));
                System.out.println("taken " + start);
                held.add(start);
                if (held.size() == 2) {
                    long first = held.remove();
                    ledger.release(first);
                    System.out.println("freed " + first);
                    held.clear();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 40, 101, 500})
    void nothingThatWasHandedOutIsHandedOutAgain(int lines, @TempDir Path notes) throws Exception {
        Process process = ChildJvm.builder(Map.of(), ChildJvm.command(Busy.class, notes.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Set<Long> taken = new HashSet<>();
        Set<Long> freed = new HashSet<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                (line.startsWith("taken ") ? taken : freed).add(Long.parseLong(line.substring("taken ".length())));
                if (++seen == lines) {
                    process.toHandle().destroyForcibly(); // which leaves what it has said to be read
                }
            }
        }
        process.waitFor();
        assertThat(taken).hasSizeGreaterThanOrEqualTo(1);

        UidLedger next = ledger(notes);
        long owned = taken.stream()
                .filter(start -> !freed.contains(start))
                .findFirst()
                .orElse(0L);
        if (owned != 0) {
            next.claim(owned, new ContainerId(UUID.randomUUID()));
        }
        next.settle();
        Map<Long, IdRange.State> states =
                next.ranges(List.of()).stream().collect(Collectors.toMap(IdRange::start, IdRange::state));
        for (long start : taken) {
            assertThat(states.get(start)).isEqualTo(start == owned ? IdRange.State.OWNED : IdRange.State.QUARANTINED);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(taken).doesNotContain(next.allocate(new ContainerId(UUID.randomUUID())));
        }
    }
}
