// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.core.linux.Fd;
import io.berth.core.linux.PollCalls;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.protocol.PassportLine;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a container is told of its limits, by a real lxcfs. Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LxcfsIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final List<String> POINTS =
            List.of("/proc/meminfo", "/proc/swaps", "/proc/cpuinfo", "/proc/loadavg", "/sys/devices/system/cpu/online");

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
    void nothingIsLeftBehind() throws IOException {
        Path process = Path.of("/proc/" + lxcfs());
        test.close();
        assertThat(process).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(test.settings().runDir().toString());
    }

    private int lxcfs() throws IOException {
        return Integer.parseInt(
                Files.readString(test.settings().runDir().resolve("lxcfs/pid")).strip());
    }

    private String out(ContainerId id, String command) {
        TestNode.Result result = test.run(id, command);
        assertThat(result.exit().code()).as("%s: %s", command, result.err()).isZero();
        return result.out().strip();
    }

    @Test
    void memoryIsTheLimitAndSwapIsNone() {
        ContainerId id = test.start("box");
        assertThat(out(id, "grep -E '^(MemTotal|SwapTotal):' /proc/meminfo").lines())
                .map(line -> line.replaceAll(" +", " "))
                .containsExactly("MemTotal: 262144 kB", "SwapTotal: 0 kB");
        assertThat(out(id, "cat /proc/swaps").lines()).as("but the headline").hasSize(1);
    }

    @Test
    void freeAndSysinfoAgree() {
        ContainerId id = test.start("box");
        String bySysinfo = out(id, "free | sed -n 's/^Mem: *\\([0-9]*\\) .*/\\1/p'"); // busybox asks sysinfo(2)
        assertThat(out(id, "sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo"))
                .isEqualTo(bySysinfo)
                .isEqualTo("262144");
    }

    @Test
    void processorsAreWhatTheLimitPaysFor() {
        ContainerId id = test.start("box");
        assertThat(out(id, "grep -c ^processor /proc/cpuinfo")).isEqualTo("1");
        assertThat(out(id, "cat /sys/devices/system/cpu/online")).isEqualTo("0");
        assertThat(out(id, "nproc")).isEqualTo("1");
    }

    @Test
    void changedLimitsShowAtOnce() {
        ContainerId id = test.start("box");
        test.node().resize(id, new Limits(128L << 20, 2000, 128));
        assertThat(out(id, "grep MemTotal: /proc/meminfo")).contains(" 131072 kB");
        // no more than the host has, which in the VM lab is one
        String processors = Integer.toString(Math.min(2, Runtime.getRuntime().availableProcessors()));
        assertThat(out(id, "grep -c ^processor /proc/cpuinfo")).isEqualTo(processors);
        assertThat(out(id, "nproc")).isEqualTo(processors);
    }

    @Test
    void loadIsTheContainersOwn() {
        ContainerId id = test.start("box");
        assertThat(out(id, "cat /proc/loadavg")).as("it has just begun").startsWith("0.00 0.00 0.00 ");
    }

    /** busybox's uptime asks sysinfo(2). */
    @Test
    void sysinfoTellsTheSameLoadAsLoadavg() {
        ContainerId idle = test.start("idle");
        assertThat(out(idle, "uptime")).as("it has just begun").endsWith("load average: 0.00, 0.00, 0.00");
        ContainerId busy = test.start("busy");
        out(busy, "cat /proc/loadavg; (while :; do :; done) >/dev/null 2>&1 </dev/null &"); // lxcfs counts whom it was
        // asked for
        await().atMost(LONG).untilAsserted(() -> {
            String loads = out(busy, "cut -d' ' -f1-3 /proc/loadavg").replace(" ", ", ");
            assertThat(loads).doesNotStartWith("0.00");
            assertThat(out(busy, "uptime")).endsWith("load average: " + loads);
        });
        assertThat(out(idle, "uptime")).as("the other's is not its own").endsWith("load average: 0.00, 0.00, 0.00");
    }

    @Test
    void uptimeIsTheContainersOwnToThePoint() {
        ContainerId id = test.start("box");
        double seconds = Double.parseDouble(out(id, "cut -d' ' -f1 /proc/uptime"));
        assertThat(seconds).isBetween(0.0, 60.0);
        assertThat(out(id, "awk '$1 == \"btime\" {print systime() - $2}' /proc/stat"))
                .as("processes' start times are counted from it")
                .satisfies(age -> assertThat(Long.parseLong(age)).isBetween(0L, 60L));
    }

    /** As nobody sees it but who has its root: the files' owner is the host's, and so is the file system. */
    @Test
    void containerRootWritesToNoneOfIt() {
        ContainerId id = test.start("box");
        for (String point : POINTS) {
            assertThat(test.run(id, "echo 1 > " + point).exit().code())
                    .as(point)
                    .isNotZero();
            test.run(id, "mount -o remount,bind,rw " + point);
            assertThat(test.run(id, "chmod 666 " + point + " || echo 1 > " + point)
                            .exit()
                            .code())
                    .as(point)
                    .isNotZero();
        }
    }

    /** A fresh procfs in a nested user namespace is allowed only where one without mounts over it is in sight. */
    @Test
    void nestedNamespacesMountProcStill() {
        ContainerId id = test.start("box");
        assertThat(
                        out(
                                id,
                                "unshare -U -r -m -n -p -f --mount-proc sh -c 'mkdir /tmp/sys && mount -r -t sysfs none /tmp/sys && ls /proc/1/status'"))
                .isEqualTo("/proc/1/status");
    }

    @Test
    void diesAndIsThereAgainWithoutARestartOfTheContainer() throws IOException {
        ContainerId running = test.start("running");
        ContainerId frozen = test.start("frozen");
        int init = initPid(running);
        test.node().freeze(frozen);
        int before = lxcfs();
        kill(before);
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(lxcfs()).isNotEqualTo(before);
            assertThat(test.run(running, "cat /proc/meminfo /proc/loadavg")
                            .exit()
                            .code())
                    .isZero();
        });
        assertThat(out(running, "grep MemTotal: /proc/meminfo")).contains(" 262144 kB");
        for (String point : POINTS) {
            assertThat(out(running, "grep -c ' " + point + " ' /proc/self/mountinfo"))
                    .as("nothing is stacked at %s", point)
                    .isEqualTo("1");
        }
        assertThat(initPid(running)).isEqualTo(init);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Files.readString(Path.of("/proc/" + initPid(frozen) + "/mountinfo")))
                        .contains(device()));
        test.node().thaw(frozen);
        assertThat(out(frozen, "grep MemTotal: /proc/meminfo")).contains(" 262144 kB");
    }

    private int initPid(ContainerId id) {
        Integer pid = test.status(id).initPid();
        assertThat(pid).isNotNull();
        return pid;
    }

    /** Of the lxcfs that runs now, as mountinfo has it. */
    private String device() throws IOException {
        return Files.readString(Path.of("/proc/self/mountinfo"))
                .lines()
                .filter(line -> line.contains(test.settings().runDir() + "/lxcfs/mount"))
                .map(line -> " " + line.split(" ", 4)[2] + " ")
                .findFirst()
                .orElse("nothing is mounted");
    }

    private static void kill(int pid) {
        try (Fd process = ProcessCalls.pidfdOpen(pid)) {
            ProcessCalls.pidfdSendSignal(process, Signal.SIGKILL);
            PollCalls.awaitReadable(process, null);
        }
    }

    @Test
    void outlivesTheAgentAndIsPickedUp() throws IOException {
        ContainerId id = test.start("box");
        int before = lxcfs();
        test.reopen();
        assertThat(lxcfs()).isEqualTo(before);
        assertThat(out(id, "grep MemTotal: /proc/meminfo")).contains(" 262144 kB");
        assertThat(out(test.start("younger"), "grep MemTotal: /proc/meminfo")).contains(" 262144 kB");
    }

    @Test
    void oneThatDiedWhileNoAgentRanIsReplacedByTheNext() throws IOException {
        ContainerId id = test.start("box");
        int before = lxcfs();
        test.whileAway(() -> kill(before));
        assertThat(lxcfs()).isNotEqualTo(before);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                test.run(id, "grep MemTotal: /proc/meminfo").out())
                        .contains(" 262144 kB"));
    }

    @Test
    void hasNothingOfTheHostsButWhatItReads() throws IOException {
        test.start("box");
        List<String> status = Files.readAllLines(Path.of("/proc/" + lxcfs() + "/status"));
        assertThat(status)
                .as("DAC_READ_SEARCH, SYS_CHROOT, SYS_PTRACE, SYS_ADMIN")
                .contains("CapBnd:\t00000000002c0004", "CapEff:\t00000000002c0004", "NoNewPrivs:\t1");
        assertThat(Files.readString(Path.of("/proc/" + lxcfs() + "/mountinfo")).lines())
                .as("all but the root, /usr, /proc and /sys")
                .allMatch(line -> line.split(" ", 6)[4].matches("/|/(usr|proc|sys)(/.*)?"))
                .filteredOn(line -> !line.split(" ", 6)[4].equals("/"))
                .allMatch(line -> line.split(" ", 7)[5].startsWith("ro,"));
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + lxcfs() + "/ns/net")))
                .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
    }

    /** Where the host's / is shared, which systemd sees to, a mount over one would propagate to the host and to everybody's. */
    @Test
    void whatIsMountedOverAViewIsSeenByNobodyElse() throws IOException {
        ContainerId one = test.start("one");
        ContainerId two = test.start("two");
        Path host = test.settings().runDir().resolve("lxcfs/mount/proc/meminfo");
        out(one, "echo mine > /tmp/m; mount --bind /tmp/m /proc/meminfo");
        assertThat(out(one, "cat /proc/meminfo")).isEqualTo("mine");
        assertThat(out(two, "head -1 /proc/meminfo")).startsWith("MemTotal:");
        assertThat(Files.readString(host)).startsWith("MemTotal:");
        for (String point : POINTS) {
            assertThat(out(two, "grep ' " + point + " ' /proc/self/mountinfo"))
                    .as("no peer group")
                    .doesNotContain("shared:");
        }
    }

    @Test
    void theViewsAreNoDriftInThePassport() {
        ContainerId id = test.start("box");
        assertThat(test.node().passport(id).lines())
                .filteredOn(line -> line.item().startsWith("mount"))
                .noneMatch(PassportLine::differs);
    }
}
