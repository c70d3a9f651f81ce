// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.agent.Samples;
import io.berth.core.idmap.HostIds;
import io.berth.core.idmap.IdPool;
import io.berth.core.idmap.UidLedger;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdsTest {
    private static final IdPool POOL = new IdPool(1_946_157_056L, 2); // nobody else's on a test machine

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Ids ids() {
        HostIds host = new HostIds(POOL, directory);
        return new Ids(
                "trial",
                host,
                new UidLedger(POOL, Duration.ofHours(1), host::all, directory.resolve("ids"), Clock.systemUTC()));
    }

    private static ContainerRecord record(long uidBase) {
        return new ContainerRecord(
                Samples.ID,
                Samples.SPEC,
                uidBase,
                ContainerRecord.Phase.READY,
                false,
                null,
                null,
                null,
                List.of(),
                0,
                false);
    }

    @Test
    void containerDoesNotStartOnceItsUidsAreGivenToSomebodyElse() throws Exception {
        Ids ids = ids();
        ContainerRecord record = record(ids.allocate(Samples.ID));
        ids.requireUndisputed(record);
        Files.writeString(directory.resolve("subuid"), "ann:" + (record.uidBase() + 65_535) + ":65536\n");
        assertThatThrownBy(() -> ids.requireUndisputed(record))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.CONFLICT))
                .hasMessageContaining("container 'web'")
                .hasMessageContaining("subuid line 1 (ann)")
                .hasMessageContaining("BERTH_UID_BASE");
        assertThat(ids.ranges().getFirst().conflicts()).hasSize(1);
        assertThat(ids.ranges().getLast().state()).isEqualTo(IdRangeStatus.State.FRESH);
    }

    @Test
    void fullPoolIsExhaustedNotBroken() throws Exception {
        Ids ids = ids();
        ids.release(record(ids.allocate(Samples.ID)));
        ids.allocate(Samples.ID);
        assertThatThrownBy(() -> ids.allocate(Samples.ID))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.EXHAUSTED))
                .hasMessageContaining("leaves its quarantine at");
    }
}
