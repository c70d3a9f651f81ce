// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.NetworkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many containers at once on a machine whose limits are those that its distribution set: as many as {@code
 * -Dberth.density=1000} says. {@code -Dberth.density.network=NAT} and {@code -Dberth.density.storage=BTRFS} choose the rest.
 * Needs root.
 */
class DensityIT {
    private static final Logger LOG = LoggerFactory.getLogger(DensityIT.class);
    private static final int COUNT = Integer.getInteger("berth.density", 200); // ten seconds on two cores
    private static final int AT_ONCE = 8; // births wait for the kernel more than for a processor

    private static final NetworkMode NETWORK = NetworkMode.valueOf(System.getProperty("berth.density.network", "NONE"));
    private static final RuntimeSettings.StorageDriver STORAGE =
            RuntimeSettings.StorageDriver.valueOf(System.getProperty("berth.density.storage", "OVERLAY"));

    @Test
    void manyContainersRunSideBySideWithoutATouchedSysctl() throws Exception {
        String ipv4 = NETWORK == NetworkMode.NAT ? "10.213.0.1/16" : null;
        try (TestNode test = TestNode.open(STORAGE, COUNT, ipv4)) {
            test.busybox();
            Map<Path, String> before = SysctlSnapshot.take();
            long memory = availableKib();
            List<ContainerId> ids = timed(
                    "create",
                    () -> atOnce(
                            IntStream.range(0, COUNT).boxed().toList(),
                            number -> test.create("many-" + number, TestNode.SMALL, NETWORK)));
            timed("start", () -> atOnce(ids, id -> test.node().start(id)));
            LOG.info("event=density containers={} kib-each={}", COUNT, (memory - availableKib()) / COUNT);

            assertThat(test.node().list())
                    .hasSize(COUNT)
                    .extracting(ContainerStatus::state)
                    .containsOnly(ContainerState.RUNNING);
            assertThat(test.node().list().stream().map(DensityIT::uidMap))
                    .doesNotHaveDuplicates()
                    .allMatch(map -> map.matches("0 [0-9]+ 65536"));
            for (ContainerId id : List.of(ids.getFirst(), ids.get(COUNT / 2), ids.getLast())) {
                assertThat(test.run(id, "hostname; id -u").out())
                        .isEqualTo(test.status(id).spec().name() + "\n0\n");
            }
            Map<Path, String> after = SysctlSnapshot.take();
            after.keySet().retainAll(before.keySet());
            before.keySet().retainAll(after.keySet());
            assertThat(after).isEqualTo(before);

            List<Integer> pids =
                    test.node().list().stream().map(DensityIT::initPid).toList();
            timed(
                    "delete",
                    () -> atOnce(ids, id -> {
                        test.node().delete(id);
                        return id;
                    }));
            assertThat(test.node().list()).isEmpty();
            assertThat(pids.stream().map(pid -> Path.of("/proc", "" + pid))).noneMatch(Files::exists);
            assertThat(test.node().idRanges())
                    .extracting(IdRangeStatus::state)
                    .containsOnly(IdRangeStatus.State.RESTED);
        }
    }

    private static int initPid(ContainerStatus status) {
        Integer pid = status.initPid();
        return pid == null ? -1 : pid;
    }

    private static String uidMap(ContainerStatus status) {
        try {
            return Files.readString(Path.of("/proc", "" + initPid(status), "uid_map"))
                    .strip()
                    .replaceAll("\\s+", " ");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static <T, R> List<R> atOnce(List<T> items, Function<T, R> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<R>> running = items.stream()
                    .map(item -> threads.submit(() -> work.apply(item)))
                    .toList();
            List<R> done = new ArrayList<>();
            for (Future<R> one : running) {
                done.add(one.get());
            }
            return done;
        }
    }

    private static <T> T timed(String what, Callable<T> work) throws Exception {
        long began = System.nanoTime();
        T done = work.call();
        LOG.info("event=density-step step={} micros-each={}", what, (System.nanoTime() - began) / 1000 / COUNT);
        return done;
    }

    private static long availableKib() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        }
    }
}
