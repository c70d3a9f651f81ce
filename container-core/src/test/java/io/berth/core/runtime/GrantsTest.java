// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.Grant;
import io.berth.core.spec.ContainerId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsTest {
    private static final Instant MORNING = Instant.parse("2026-11-25T08:00:00Z");
    private static final ContainerId ONE = new ContainerId(UUID.randomUUID());
    private static final ContainerId OTHER = new ContainerId(UUID.randomUUID());

    private final AtomicReference<Instant> now = new AtomicReference<>(MORNING);
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    @TempDir
    private Path directory;

    private Grants open() {
        return new Grants(directory.resolve("grants.json"), clock);
    }

    @Test
    void anExceptionHoldsForItsContainerAndRuleUntilItsEnd() {
        Grants grants = open();
        Instant noon = MORNING.plus(Duration.ofHours(4));
        grants.grant(ONE, "bpf", noon);
        assertThat(grants.isGranted(ONE, "bpf")).isTrue();
        assertThat(grants.isGranted(ONE, "syslog")).isFalse();
        assertThat(grants.isGranted(OTHER, "bpf")).isFalse();
        now.set(noon.minusNanos(1));
        assertThat(grants.isGranted(ONE, "bpf")).isTrue();
        now.set(noon);
        assertThat(grants.isGranted(ONE, "bpf")).isFalse();
        assertThat(grants.of(ONE)).isEmpty();
    }

    @Test
    void theNextAgentKnowsIt() {
        Instant noon = MORNING.plus(Duration.ofHours(4));
        open().grant(ONE, "bpf", noon);
        assertThat(open().of(ONE)).containsExactly(new Grant("bpf", noon));
    }

    @Test
    void theLastWordHolds() {
        Grants grants = open();
        grants.grant(ONE, "bpf", MORNING.plusSeconds(10));
        grants.grant(ONE, "bpf", MORNING.plusSeconds(20));
        assertThat(grants.of(ONE)).containsExactly(new Grant("bpf", MORNING.plusSeconds(20)));
        grants.revoke(ONE, "bpf");
        assertThat(grants.of(ONE)).isEmpty();
        grants.revoke(ONE, "bpf");
        grants.grant(OTHER, "bpf", MORNING.plusSeconds(10));
        grants.forget(OTHER);
        assertThat(open().of(OTHER)).isEmpty();
    }
}
