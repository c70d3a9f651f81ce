// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.agent.ChildJvm;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.SnapshotName;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SIGKILL of an agent in the middle of each verb on snapshots: the next one finishes or undoes it, and nothing is left over. Needs root. */
class SnapshotsKilledIT {
    private static final int KILLS = 6;
    /** Nearly as long as a verb takes, so that each kill meets another step of one. */
    private static final int MOST_MICROS = 30_000;

    /** Does the verbs in turn until it is killed, and says which it begins. */
    static final class Busy {
        private Busy() {}

        public static void main(String[] args) throws IOException {
            TestNode test = TestNode.resume(RuntimeSettings.StorageDriver.valueOf(args[0]), 8);
            Random random = new Random();
            ContainerId box = ContainerId.of(args[1]);
            for (int round = 0; ; round++) {
                SnapshotId snapshot = SnapshotId.at(Instant.now(), random);
                ContainerId copy = new ContainerId(UUID.randomUUID());
                ContainerName name = new ContainerName("round-" + round);
                say(
                        "snapshot",
                        () -> test.node()
                                .takeSnapshot(
                                        box,
                                        snapshot,
                                        new SnapshotName(
                                                "s" + snapshot.takenAt().toEpochMilli())));
                say("restore", () -> test.node().restore(box, snapshot));
                say("copy", () -> test.node().copy(copy, test.status(box).spec().with(name), box, snapshot));
                say(
                        "copy of now",
                        () -> test.node()
                                .copy(
                                        new ContainerId(UUID.randomUUID()),
                                        test.status(box).spec().with(name),
                                        box,
                                        null));
                say("delete", () -> test.node().delete(copy));
                say("delete snapshot", () -> test.node().deleteSnapshot(box, snapshot));
                say(
                        "clear",
                        () -> test.node().list().stream()
                                .filter(other -> !other.id().equals(box))
                                .forEach(other -> test.node().delete(other.id())));
            }
        }

        private static void say(String verb, Runnable does) {
            System.out.println(verb);
            does.run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftHalfMade(RuntimeSettings.StorageDriver storage) throws Exception {
        TestNode test = TestNode.open(storage, 8);
        ContainerId box = test.start("box");
        assertThat(test.run(box, "echo precious > /root/file; sync").exit().code())
                .isZero();
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                test.whileAway(killed(storage, box, kill + 1));
                assertWhole(test, box);
            }
        } finally {
            test.close();
        }
    }

    private static Runnable killed(RuntimeSettings.StorageDriver storage, ContainerId box, int verb) {
        return () -> {
            try {
                Process process = ChildJvm.builder(
                                Map.of(), ChildJvm.command(Busy.class, storage.name(), box.toString()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                    for (int seen = 0; seen < verb; seen++) {
                        assertThat(out.readLine())
                                .as("verb %s of an agent", seen)
                                .isNotNull();
                    }
                    LockSupport.parkNanos(1000L * new Random().nextInt(MOST_MICROS));
                } finally {
                    process.toHandle().destroyForcibly();
                    process.waitFor();
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        };
    }

    /** Walks the pool and the records, and compares. */
    private static void assertWhole(TestNode test, ContainerId box) throws IOException {
        Path pool = test.settings().stateDir().resolve("pool");
        assertThat(names(pool.resolve("building"))).isEmpty();
        Set<String> containers = test.node().list().stream()
                .map(container -> container.id().toString())
                .collect(Collectors.toSet());
        assertThat(names(pool.resolve("containers"))).isEqualTo(containers);
        Set<String> snapshots = test.node().list().stream()
                .flatMap(container -> test.node().snapshots(container.id()).stream()
                        .map(snapshot -> container.id() + "." + snapshot.id()))
                .collect(Collectors.toSet());
        assertThat(names(pool.resolve("snapshots"))).isEqualTo(snapshots);
        for (ContainerStatus container : test.node().list()) {
            assertThat(container.state()).isNotEqualTo(ContainerState.BROKEN);
            test.node().start(container.id());
            assertThat(test.run(container.id(), "cat /root/file").out()).isEqualTo("precious\n");
            if (!container.id().equals(box)) {
                test.node().delete(container.id());
            }
        }
        List<SnapshotStatus> left = test.node().snapshots(box);
        left.forEach(snapshot -> {
            test.node().restore(box, snapshot.id());
            assertThat(test.run(box, "cat /root/file").out()).isEqualTo("precious\n");
            test.node().deleteSnapshot(box, snapshot.id());
        });
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
