// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A door that does not answer in time, as in a container that is frozen just then. Needs root. */
class StoppedDoorIT {
    @Test
    void loginThatItLetsInTooLateIsEndedAndReaped() throws IOException {
        try (TestNode test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8)) {
            ContainerId id = test.start("box");
            assertThat(test.run(id, "echo alive").out()).isEqualTo("alive\n");
            Set<Long> before = children();
            int door = Math.toIntExact(before.stream()
                    .filter(pid -> name(pid).equals("berth-door"))
                    .findFirst()
                    .orElseThrow());
            ProcessCalls.kill(door, Signal.SIGSTOP);
            try {
                assertThatThrownBy(() -> test.run(id, "sleep 1000")).isInstanceOf(ContainerException.class);
            } finally {
                ProcessCalls.kill(door, Signal.SIGCONT);
            }
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(before).containsAll(children()));
            assertThat(test.run(id, "echo alive").out()).isEqualTo("alive\n");
            test.node().delete(id);
        }
    }

    /** Without what is kept ready for the next birth. */
    private static Set<Long> children() {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .filter(pid -> !name(pid).equals("berth-resident"))
                .collect(Collectors.toSet());
    }

    private static String name(long pid) {
        try {
            return Files.readString(Path.of("/proc", "" + pid, "comm")).strip();
        } catch (NoSuchFileException _) {
            return ""; // it has ended meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
