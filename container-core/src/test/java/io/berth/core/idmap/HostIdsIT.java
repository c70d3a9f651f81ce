// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that lives under ids of the pool and is none of ours. Needs root. */
class HostIdsIT {
    private static final IdPool POOL = new IdPool(1_879_048_192L, 3); // nobody else's on a test machine
    private static final long SECOND = POOL.base() + IdPool.RANGE;

    private final HostIds host = new HostIds(POOL);
    private Process stranger;

    @BeforeEach
    void start() throws IOException {
        stranger = new ProcessBuilder("unshare", "--user", "sleep", "1000").start();
        Path process = Path.of("/proc", "" + stranger.pid());
        Path ours = Files.readSymbolicLink(Path.of("/proc/self/ns/user"));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !Files.readSymbolicLink(process.resolve("ns/user")).equals(ours));
        Files.writeString(process.resolve("uid_map"), "0 0 1\n1 " + (SECOND + 7) + " 2\n");
        Files.writeString(process.resolve("gid_map"), "0 " + (POOL.end() - 1) + " 1\n");
    }

    @AfterEach
    void end() throws Exception {
        stranger.destroyForcibly().waitFor();
    }

    @Test
    void liveMapsAreSeenAndPassedOver(@TempDir Path notes) {
        assertThat(host.all())
                .extracting(ForeignIds::first, ForeignIds::count, ForeignIds::where)
                .containsExactly(
                        tuple(SECOND + 7, 2L, "process " + stranger.pid()),
                        tuple(POOL.end() - 1, 1L, "process " + stranger.pid()));
        UidLedger ledger = new UidLedger(POOL, Duration.ZERO, host::all, notes, Clock.systemUTC());
        assertThat(ledger.free()).isEqualTo(1);
        assertThat(ledger.allocate(null)).isEqualTo(POOL.base());
    }

    @Test
    void strangersAreWhoeverIsNotBelowTheInstancesCgroup() {
        assertThat(host.strangers("noinstance", 0)).hasSize(2);
        assertThat(host.strangers("noinstance", ProcessHandle.current().pid())).isEmpty();
    }
}
