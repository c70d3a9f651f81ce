// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.berth.core.protocol.Denial;
import io.berth.core.protocol.RuleCount;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DenialLogTest {
    private final DenialLog log = new DenialLog();

    private void deny(String call, String process, long second) {
        Instant at = Instant.ofEpochSecond(second);
        log.note(new Denial("bpf", call, "EPERM", process, 7, 1, at, at), "the reason");
    }

    @Test
    void theSameAgainCountsUp() {
        deny("bpf(cmd=1)", "sh", 1);
        deny("bpf(cmd=2)", "sh", 2);
        deny("bpf(cmd=1)", "sh", 3);
        assertThat(log.recent())
                .extracting(Denial::call, Denial::times, Denial::first, Denial::last)
                .containsExactly(
                        tuple("bpf(cmd=1)", 2L, Instant.ofEpochSecond(1), Instant.ofEpochSecond(3)),
                        tuple("bpf(cmd=2)", 1L, Instant.ofEpochSecond(2), Instant.ofEpochSecond(2)));
        assertThat(log.counts()).containsExactly(new RuleCount("bpf", 3, "the reason"));
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        for (int i = 0; i < DenialLog.MOST + 10; i++) {
            deny("bpf(cmd=" + i + ")", "sh", i);
        }
        assertThat(log.recent()).hasSize(DenialLog.MOST);
        assertThat(log.recent().getLast().call()).isEqualTo("bpf(cmd=10)");
        assertThat(log.counts().getFirst().count()).isEqualTo(DenialLog.MOST + 10);
    }
}
