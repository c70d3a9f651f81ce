// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.PassportLine;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Device;
import io.berth.core.spec.Devices;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Devices that come and go, on the real kernel. Needs root, /dev/net/tun and /dev/fuse. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DevicesIT {
    private static final Devices BOTH = Devices.of(Set.of(Device.TUN, Device.FUSE));

    @SuppressWarnings("NullAway.Init") // by open()
    private TestNode test;

    @BeforeAll
    void open() throws IOException {
        test = TestNode.open(RuntimeSettings.StorageDriver.OVERLAY, 8);
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.node().delete(container.id()));
    }

    @AfterAll
    void close() {
        test.close();
    }

    private List<String> nodes(ContainerId id) {
        return test.run(
                        id,
                        "cd /dev; for n in net/tun fuse kvm; do [ ! -e $n ] || stat -c '%n %F %a %u:%g %t:%T' $n; done")
                .out()
                .lines()
                .toList();
    }

    private boolean opens(ContainerId id, String path) {
        return test.run(id, "exec 3<>" + path + " && echo opened").out().equals("opened\n");
    }

    private PassportLine passport(ContainerId id) {
        return test.node().passport(id).lines().stream()
                .filter(line -> line.item().equals("devices"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void noneIsThereUnlessAskedFor() {
        ContainerId id = test.start("box");
        assertThat(nodes(id)).isEmpty();
        assertThat(passport(id).differs()).isFalse();
    }

    @Test
    void comeAndGoWhileItRuns() {
        ContainerId id = test.start("box");
        assertThat(test.node().changeDevices(id, BOTH).spec().devices()).isEqualTo(BOTH);
        assertThat(nodes(id))
                .containsExactly(
                        "net/tun character special file 666 0:0 a:c8", "fuse character special file 666 0:0 a:e5");
        assertThat(opens(id, "/dev/net/tun")).isTrue();
        assertThat(opens(id, "/dev/fuse")).isTrue();
        assertThat(passport(id).differs()).isFalse();
        test.node().changeDevices(id, BOTH); // asking again changes nothing
        test.node().changeDevices(id, Devices.NONE);
        assertThat(nodes(id)).isEmpty();
        assertThat(passport(id).differs()).isFalse();
    }

    @Test
    void areThereAfterARestartAndUnderTheNextAgent() {
        ContainerId id = test.start("box");
        test.node().changeDevices(id, BOTH);
        test.node().restart(id, Duration.ofSeconds(10));
        assertThat(nodes(id)).hasSize(2);
        assertThat(opens(id, "/dev/fuse")).isTrue();
        test.reopen();
        assertThat(test.status(id).spec().devices()).isEqualTo(BOTH);
        test.node().changeDevices(id, Devices.of(Set.of(Device.TUN)));
        assertThat(nodes(id)).hasSize(1);
    }

    @Test
    void aTunnelIsOfTheContainersNetworkAlone() {
        ContainerId id = test.start("box");
        test.node().changeDevices(id, Devices.of(Set.of(Device.TUN)));
        assertThat(test.run(id, "tunctl -t berthtun0 && ip link show berthtun0")
                        .exit()
                        .code())
                .isZero();
        assertThat(java.nio.file.Path.of("/sys/class/net/berthtun0")).doesNotExist();
    }

    /** Nothing of the host's is touched, whatever the container's root puts in the way. */
    @Test
    void linksInTheWayLeadNowhere() {
        ContainerId id = test.start("box");
        test.run(id, "mkdir /tmp/d; ln -s /tmp/d /dev/net; ln -s /etc/passwd /dev/fuse; chmod 600 /etc/passwd");
        assertThat(refused(id, Devices.of(Set.of(Device.TUN)))).contains("net");
        assertThat(refused(id, Devices.of(Set.of(Device.FUSE)))).contains("fuse");
        assertThat(test.run(id, "ls /tmp/d; stat -c %a /etc/passwd").out()).isEqualTo("600\n");
        assertThat(test.status(id).spec().devices()).isEqualTo(Devices.NONE);
        test.run(id, "rm /dev/net /dev/fuse");
        test.node().changeDevices(id, BOTH);
        assertThat(nodes(id)).hasSize(2);
    }

    @Test
    void aDevDirectoryOfItsOwnIsLeftAlone() {
        ContainerId id = test.start("box");
        test.run(id, "mkdir /tmp/d; mount --bind /tmp/d /dev");
        assertThat(refused(id, BOTH)).contains("/dev");
        assertThat(passport(id).differs()).isTrue();
    }

    private String refused(ContainerId id, Devices devices) {
        try {
            test.node().changeDevices(id, devices);
            return "it was not refused";
        } catch (ContainerException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void aCopyThatWasHiddenShowsInThePassport() {
        ContainerId id = test.start("box");
        test.node().changeDevices(id, BOTH);
        test.run(id, "mkdir /dev/x; mv /dev/fuse /dev/x/y");
        test.node().changeDevices(id, Devices.NONE);
        PassportLine line = passport(id);
        assertThat(line.differs()).isTrue();
        assertThat(line.found()).isEqualTo("/dev/x/y 10:229");
    }

    @Test
    void containerRootMakesNoneByItself() {
        ContainerId id = test.start("box");
        assertThat(test.run(id, "mknod /dev/fuse c 10 229").exit().code()).isNotZero();
        assertThat(test.run(id, "mknod /tmp/kvm c 10 232").exit().code()).isNotZero();
    }
}
