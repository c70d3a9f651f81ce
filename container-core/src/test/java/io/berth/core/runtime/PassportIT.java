// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.ContainerPassport;
import io.berth.core.protocol.PassportLine;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Wire;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.NetworkMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel says of real containers, as they are born and after somebody has meddled. Needs root. */
@ParameterizedClass
@EnumSource(RuntimeSettings.StorageDriver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PassportIT {
    @Parameter
    RuntimeSettings.StorageDriver storage = RuntimeSettings.StorageDriver.OVERLAY;

    @SuppressWarnings("NullAway.Init") // by open()
    private TestNode test;

    @BeforeParameterizedClassInvocation // @BeforeAll comes before the parameter does
    void open() throws IOException {
        test = TestNode.open(
                storage, 8, storage == RuntimeSettings.StorageDriver.BTRFS ? "10.199.0.1/16" : "10.200.0.1/16");
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.remove(container.id()));
    }

    @AfterParameterizedClassInvocation
    void close() {
        test.close();
    }

    private ContainerId start(NetworkMode network) {
        ContainerId id = test.create("box", TestNode.SMALL, network);
        test.node().start(id);
        return id;
    }

    private List<String> drift(ContainerId id) {
        return test.node().passport(id).drift().stream().map(PassportLine::item).toList();
    }

    private static String found(ContainerPassport passport, String item) {
        return passport.lines().stream()
                .filter(line -> line.item().equals(item))
                .map(PassportLine::found)
                .findFirst()
                .orElse("no line " + item);
    }

    @Test
    void healthyContainerIsAsPolicyWants() {
        ContainerId id = start(NetworkMode.NONE);
        ContainerPassport passport = test.node().passport(id);
        assertThat(passport.drift()).isEmpty();
        String map = "0 " + test.status(id).uidBase() + " 65536";
        assertThat(found(passport, "ids.uid_map")).isEqualTo(map);
        assertThat(found(passport, "ids.gid_map")).isEqualTo(map);
        assertThat(passport.lines())
                .filteredOn(line -> line.item().startsWith("namespace."))
                .hasSize(8);
        assertThat(found(passport, "seccomp.mode")).isEqualTo("2 (filter)");
        assertThat(found(passport, "capabilities.bounding")).contains("all but", "SYS_MODULE", "BPF");
        assertThat(found(passport, "mount /sys")).contains("sysfs", "ro");
        assertThat(found(passport, "monitor.capabilities")).isEqualTo("none");
        assertThat(found(passport, "fds.init")).startsWith("none of ");
        assertThat(found(passport, "network.port")).isEqualTo("none");
        assertThat(passport.lines()).extracting(PassportLine::item).contains("cgroup.pids.max", "rlimit.open_files");
        assertThat(passport.lines())
                .allSatisfy(line -> assertThat(line.reason()).isNotBlank());
    }

    @Test
    void healthyConnectedContainerIsAsPolicyWants() {
        ContainerId id = start(NetworkMode.NAT);
        ContainerPassport passport = test.node().passport(id);
        assertThat(passport.drift()).isEmpty();
        assertThat(found(passport, "network.isolated")).isEqualTo("yes");
        assertThat(found(passport, "network.peer")).isEqualTo("yes");
        assertThat(found(passport, "network.pins")).contains("ports", "senders 02:", "senders4 02:", " 10.");
    }

    @Test
    void whatIsDoneToTheHostBehindTheAgentsBackIsFound() throws Exception {
        ContainerId id = start(NetworkMode.NAT);
        String port = "b" + id.toString().replace("-", "").substring(0, 14);
        String table = test.settings().instance();
        Path pids = cgroup(id, "pids", "pids.max");
        Files.writeString(pids, "9999");
        assertThat(drift(id)).containsExactly("cgroup.pids.max");
        Files.writeString(pids, Integer.toString(TestNode.SMALL.pids()));

        run("ip", "link", "set", "dev", port, "type", "bridge_slave", "isolated", "off");
        assertThat(drift(id)).containsExactly("network.isolated");
        run("ip", "link", "set", "dev", port, "type", "bridge_slave", "isolated", "on");

        run("ip", "link", "set", "dev", port, "down");
        assertThat(drift(id)).containsExactly("network.up");
        run("ip", "link", "set", "dev", port, "up");

        run("nft", "delete", "element", "bridge", table, "ports", "{ \"" + port + "\" }");
        assertThat(drift(id)).containsExactly("network.pins");
        run("nft", "add", "element", "bridge", table, "ports", "{ \"" + port + "\" }");
        run("nft", "add", "element", "bridge", table, "senders", "{ \"" + port + "\" . 02:00:00:00:00:01 }");
        assertThat(drift(id)).containsExactly("network.pins");
        run("nft", "delete", "element", "bridge", table, "senders", "{ \"" + port + "\" . 02:00:00:00:00:01 }");
        assertThat(drift(id)).isEmpty();
    }

    private Path cgroup(ContainerId id, String controller, String file) {
        Path v1 = Path.of("/sys/fs/cgroup", controller, test.settings().instance(), id.toString(), file);
        return Files.exists(v1) ? v1 : Path.of("/sys/fs/cgroup", test.settings().instance(), id.toString(), file);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
    }

    @Test
    void whatRootInsideDoesToItsMountsIsFound() {
        ContainerId id = start(NetworkMode.NONE);
        assertThat(test.run(id, "mkdir -p /mnt; mount -t tmpfs tmpfs /mnt")
                        .exit()
                        .code())
                .isZero();
        assertThat(drift(id)).as("a tenant may mount").isEmpty();
        assertThat(found(test.node().passport(id), "mount /mnt")).startsWith("tmpfs ");
        assertThat(test.run(id, "mount -t tmpfs tmpfs /sys").exit().code()).isZero();
        assertThat(drift(id)).containsExactly("mount /sys");
        assertThat(test.run(id, "umount /sys").exit().code()).isZero();
        assertThat(drift(id)).isEmpty();
        assertThat(test.run(id, "mount -o remount,bind,exec /dev").exit().code())
                .isZero();
        assertThat(drift(id)).containsExactly("mount /dev");
    }

    /** A tenant chooses names and numbers of mounts: neither breaks the line nor the packet. */
    @Test
    void hostileMountsFitAPacketInPlainWords() {
        ContainerId id = start(NetworkMode.NONE);
        String result = test.run(
                        id,
                        "n=$(printf '\\033[2J\\377%0200d' 0); i=0; while [ $i -lt 300 ]; do d=/mnt/$i; mkdir -p $d/\"$n\";"
                                + " mount -t tmpfs tmpfs $d/\"$n\" 2>/dev/null || mount -t tmpfs tmpfs $d; i=$((i+1)); done;"
                                + " mkdir -p \"/mnt/x$n\"; mount -t tmpfs tmpfs \"/mnt/x$n\"; echo done")
                .out();
        assertThat(result).contains("done");
        ContainerPassport passport = test.node().passport(id);
        assertThat(passport.drift()).isEmpty();
        assertThat(Wire.encode(new Reply.Passport(passport)).length).isLessThan(Wire.MOST_BYTES);
        assertThat(passport.lines())
                .allSatisfy(line -> assertThat(line.item() + line.found()).matches("[\\x20-\\x7e]*"));
        assertThat(Integer.parseInt(found(passport, "mounts.number"))).isGreaterThan(300);
    }

    @Test
    void driftIsToldOnceWhenItBeginsAndOnceWhenItEnds() throws Exception {
        ContainerId id = start(NetworkMode.NONE);
        List<Reply.Drift> told = new CopyOnWriteArrayList<>();
        try (AutoCloseable _ = test.node().subscribe(reply -> {
            if (reply instanceof Reply.Drift drift && drift.id().equals(id)) {
                told.add(drift);
            }
        })) {
            test.node().drift().sweep();
            await().until(() -> told.size() == 1);
            Path pids = cgroup(id, "pids", "pids.max");
            Files.writeString(pids, "9999");
            test.node().drift().sweep();
            test.node().drift().sweep();
            Files.writeString(pids, Integer.toString(TestNode.SMALL.pids()));
            test.node().drift().sweep();
            await().until(() -> told.size() == 3);
        }
        assertThat(told.get(0).lines()).isEmpty();
        assertThat(told.get(1).lines()).extracting(PassportLine::item).containsExactly("cgroup.pids.max");
        assertThat(told.get(2).lines()).isEmpty();
    }

    @Test
    void aContainerThatIsPickedUpIsLookedAtAtOnce() throws Exception {
        ContainerId id = start(NetworkMode.NAT);
        Files.writeString(cgroup(id, "pids", "pids.max"), "9999");
        test.reopen();
        await().until(() -> test.node().drifts().stream()
                .anyMatch(drift -> drift.id().equals(id) && !drift.lines().isEmpty()));
        assertThat(drift(id)).containsExactly("cgroup.pids.max");
    }

    @Test
    void aContainerIsLookedAtAgainAndAgainAndCutOffWhereThatIsAskedFor() throws Exception {
        ContainerId id = start(NetworkMode.NONE);
        test.reopenFreezingOnDrift();
        await().until(() -> test.node().drifts().stream()
                .anyMatch(drift -> drift.id().equals(id) && drift.lines().isEmpty()));
        assertThat(test.status(id).state()).isEqualTo(ContainerState.RUNNING);
        Files.writeString(cgroup(id, "pids", "pids.max"), "9999");
        await().until(() -> test.status(id).state() == ContainerState.FROZEN);
        List<Consumer<ContainerId>> verbs = List.of(
                it -> test.node().thaw(it),
                it -> test.node().start(it),
                it -> test.node().restart(it, Duration.ZERO));
        assertThat(verbs)
                .allSatisfy(verb -> assertThatThrownBy(() -> verb.accept(id))
                        .hasMessageContaining(
                                "is in quarantine: it is not isolated as policy wants: cgroup.pids.max;"));
        test.node().drift().sweep();
        test.node().release(id); // an operator; only what begins to differ is cut off
        test.node().drift().sweep();
        assertThat(test.status(id).quarantine()).isNull();
        assertThat(test.status(id).state()).isEqualTo(ContainerState.RUNNING);
        test.reopen();
    }

    /** A service manager may have lowered it, to spare the agent; here it is raised, which needs no capability. */
    @Test
    void theAgentsRankWhenMemoryRunsOutIsNotInherited() throws Exception {
        Path own = Path.of("/proc/self/oom_score_adj");
        Files.writeString(own, "200");
        try {
            ContainerId id = start(NetworkMode.NONE);
            assertThat(found(test.node().passport(id), "oom_score_adj")).isEqualTo("0");
            assertThat(test.run(id, "cat /proc/self/oom_score_adj").out()).isEqualTo("0\n");
        } finally {
            Files.writeString(own, "0");
        }
    }

    @Test
    void aContainerThatDoesNotRunHasNoPassport() {
        ContainerId id = test.create("box");
        assertThatThrownBy(() -> test.node().passport(id)).hasMessageContaining("stopped");
    }
}
