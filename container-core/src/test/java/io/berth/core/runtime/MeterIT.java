// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.MeterReading;
import io.berth.core.protocol.MeterRound;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.NetworkMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node remembers of its containers' counters. Needs root. */
class MeterIT {
    @SuppressWarnings("NullAway.Init") // by each test
    private TestNode test;

    @AfterEach
    void close() throws IOException {
        test.node().list().forEach(container -> test.node().delete(container.id()));
        test.close();
    }

    private static List<MeterReading> of(ContainerId id, MeterRound round) {
        return round.readings().stream()
                .filter(reading -> reading.id().equals(id))
                .toList();
    }

    private static long number(@Nullable Long value) {
        return Objects.requireNonNull(value);
    }

    @Test
    void aContainersCountersAreReadWhileItRunsAndOnceMoreWhenItEnds() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8);
        ContainerId id = test.start("box");
        MeterReading first = of(id, test.node().meter().round()).getFirst();
        test.run(id, "for i in $(seq 20000); do :; done");
        MeterReading second = of(id, test.node().meter().round()).getFirst();
        assertThat(second.since()).isEqualTo(first.since()).isNotNull();
        assertThat(number(second.cpuMicros())).isGreaterThan(number(first.cpuMicros()));
        assertThat(number(second.memoryBytes())).isPositive();
        assertThat(second.limits()).isEqualTo(TestNode.SMALL);

        test.node().stop(id, Duration.ofSeconds(10));
        List<MeterReading> end = of(id, test.node().meter().round());
        assertThat(end).hasSize(2);
        assertThat(end.getFirst().since()).isEqualTo(first.since());
        assertThat(number(end.getFirst().cpuMicros())).isGreaterThanOrEqualTo(number(second.cpuMicros()));
        assertThat(end.getLast().since()).isNull();
        assertThat(end.getLast().cpuMicros()).isNull();
    }

    @Test
    void numbersGoOnOverTheAgentsEndAndNoneIsGivenTwice() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8);
        ContainerId id = test.start("box");
        MeterRound before = test.node().meter().round();
        test.reopen();
        MeterRound after = test.node().meter().round();
        assertThat(after.series()).isEqualTo(before.series());
        assertThat(after.number()).isEqualTo(before.number() + 1);
        assertThat(of(id, after).getFirst().since())
                .isEqualTo(of(id, before).getFirst().since());
        assertThat(test.node().metered(before.series(), before.number())).contains(before);
        assertThat(test.node().metered(before.series(), after.number() + 1)).isEmpty();
        assertThat(test.node().metered(0, after.number() + 1)).isPresent();

        test.node().stop(id, Duration.ofSeconds(10));
        test.reopen();
        assertThat(test.node().metered(after.series(), after.number() + 1))
                .hasValueSatisfying(kept -> assertThat(of(id, kept)).isNotEmpty());
    }

    @Test
    void whatPassesItsPortIsCountedBothWays() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8, "10.189.7.1/24");
        ContainerId id = test.create("box", TestNode.SMALL, NetworkMode.NAT);
        test.node().start(id);
        // the image's own DHCP client clears the address first and then sets it
        await().atMost(Duration.ofSeconds(30)).until(() -> answers(id, "ping -c 1 -W 1 10.189.7.1"));
        MeterReading before = of(id, test.node().meter().round()).getFirst();
        assertThat(answers(id, "ping -c 2 -s 1000 -W 2 10.189.7.1")).isTrue();
        MeterReading after = of(id, test.node().meter().round()).getFirst();
        assertThat(number(after.sentBytes()) - number(before.sentBytes())).isGreaterThan(2000);
        assertThat(number(after.receivedBytes()) - number(before.receivedBytes()))
                .isGreaterThan(2000);
    }

    private boolean answers(ContainerId id, String ping) {
        return Integer.valueOf(0).equals(test.run(id, ping).exit().code());
    }
}
