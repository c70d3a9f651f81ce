// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Device;
import io.berth.core.spec.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Render nodes of graphics processors. Where the host has none, a node without a driver stands for one, which is as good for all but
 * being opened; the VM lab has a driver (vgem). Needs root.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GpuIT {
    private static final Path DRI = Path.of("/dev/dri");
    private static final Devices GPU = Devices.of(Set.of(Device.GPU));

    @SuppressWarnings("NullAway.Init") // by open()
    private TestNode test;

    private boolean isReal;

    @BeforeAll
    void open() throws IOException {
        isReal = Files.isDirectory(DRI);
        test = TestNode.open(RuntimeSettings.StorageDriver.BTRFS, 8);
    }

    @AfterEach
    void deleteAll() throws IOException {
        test.node().list().forEach(container -> test.node().delete(container.id()));
        removeStandIn();
    }

    @AfterAll
    void close() {
        test.close();
    }

    private void standIn() {
        if (!isReal) {
            sh("mkdir /dev/dri && mknod /dev/dri/renderD129 c 226 129");
        }
    }

    private void removeStandIn() {
        if (!isReal) {
            sh("rm -rf /dev/dri");
        }
    }

    private static void sh(String command) {
        try {
            assertThat(new ProcessBuilder("sh", "-c", command)
                            .inheritIO()
                            .start()
                            .waitFor())
                    .as(command)
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> nodes(ContainerId id) {
        return test.run(id, "cd /dev/dri 2>/dev/null && stat -c '%n %F %a %u:%g %t:%T' *")
                .out()
                .lines()
                .toList();
    }

    private static List<String> hosts() throws IOException {
        Process stat = new ProcessBuilder(
                        "sh", "-c", "cd /dev/dri && stat -c '%n character special file 666 0:0 %t:%T' renderD*")
                .start();
        return stat.inputReader().lines().toList();
    }

    @Test
    void aHostWithoutOneRefusesItAndSaysWhatBringsIt() {
        ContainerId id = test.start("box");
        if (isReal) {
            assertThat(test.node().changeDevices(id, GPU).spec().devices()).isEqualTo(GPU);
            return;
        }
        assertThatThrownBy(() -> test.node().changeDevices(id, GPU))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("'gpu' cannot all be had here")
                .hasMessageContaining("/dev/dri/renderD*");
        assertThat(test.status(id).spec().devices()).isEqualTo(Devices.NONE);
    }

    @Test
    void renderNodesComeAndGoAndNothingElseOfTheCardDoes() throws IOException {
        standIn();
        ContainerId id = test.start("box");
        assertThat(nodes(id)).isEmpty();
        test.node().changeDevices(id, GPU);
        assertThat(nodes(id)).isNotEmpty().isEqualTo(hosts());
        assertThat(drifts(id)).isFalse();
        test.node().restart(id, Duration.ofSeconds(10));
        assertThat(nodes(id)).isNotEmpty().isEqualTo(hosts());
        // a node with a driver opens; one without says ENXIO, and not that it is forbidden
        String opened = test.run(id, "for n in /dev/dri/renderD*; do (exec 3<>$n) 2>&1 && echo opened; done")
                .out();
        assertThat(opened).contains(isReal ? "opened" : "No such device or address");
        test.node().changeDevices(id, Devices.NONE);
        assertThat(nodes(id)).isEmpty();
        assertThat(drifts(id)).isFalse();
    }

    @Test
    void oneThatTheHostHasLostKeepsTheContainerFromItsNextStart() {
        standIn();
        ContainerId id = test.start("box");
        test.node().changeDevices(id, GPU);
        removeStandIn();
        test.node().stop(id, Duration.ZERO);
        if (isReal) {
            test.node().start(id);
            return;
        }
        assertThatThrownBy(() -> test.node().start(id)).hasMessageContaining("gpu");
        test.node().changeDevices(id, Devices.NONE);
        test.node().start(id);
    }

    @Test
    void containerRootMakesNoneByItself() {
        ContainerId id = test.start("box");
        assertThat(test.run(id, "mkdir /dev/dri; mknod /dev/dri/renderD128 c 226 128; mknod /dev/dri/card0 c 226 0")
                        .exit()
                        .code())
                .isNotZero();
        assertThat(nodes(id)).isEmpty();
    }

    private boolean drifts(ContainerId id) {
        return test.node().passport(id).lines().stream()
                .anyMatch(line -> line.item().equals("devices") && line.differs());
    }
}
