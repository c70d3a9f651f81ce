// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Signal;
import io.berth.core.linux.Sys;
import io.berth.core.protocol.PassportLine;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Containers on a host with AppArmor: this machine where it has one, else in the VM lab (tests/lab/run). Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AppArmorIT {
    private static final Path POLICY = Path.of("/sys/kernel/security/apparmor");

    private TestNode test;

    @BeforeAll
    void open() throws IOException {
        assumeTrue(
                Boolean.getBoolean("berth.lab") || Files.isDirectory(POLICY),
                "the kernel runs no AppArmor; ./berth test -Plab runs this in the VM lab");
        test = TestNode.open(RuntimeSettings.StorageDriver.BTRFS, 8);
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.node().delete(container.id()));
    }

    @AfterAll
    void nothingIsLeftInTheKernel() throws IOException {
        if (test != null) {
            test.close();
            assertThat(profiles()).doesNotContain("berth-" + test.settings().instance());
        }
    }

    private static String profiles() throws IOException {
        return Files.readString(POLICY.resolve("profiles"));
    }

    private String name(ContainerId id) {
        return "berth-" + test.settings().instance() + "-" + id;
    }

    private String label(ContainerId id) {
        return name(id) + "//&:lxc-" + name(id) + ":unconfined (enforce)";
    }

    @Test
    void initAndLoginHaveTheContainersLabel() throws IOException {
        ContainerId id = test.start("box");
        assertThat(test.status(id).securityLabel()).isEqualTo(label(id));
        assertThat(labelOfALogin(id)).isEqualTo(label(id));
        assertThat(test.run(id, "cat /proc/1/attr/current /proc/self/attr/current")
                        .out())
                .isEqualTo("unconfined\nunconfined\n");
    }

    @Test
    void labelOutlivesTheAgent() throws IOException {
        ContainerId id = test.start("box");
        test.reopen();
        assertThat(test.status(id).securityLabel()).isEqualTo(label(id));
        assertThat(labelOfALogin(id)).isEqualTo(label(id));
    }

    @Test
    void passportComparesTheLabelWithTheContainersProfile() throws IOException {
        ContainerId id = test.start("box");
        PassportLine line = labelLine(id);
        assertThat(line.found()).isEqualTo(label(id));
        assertThat(line.expected()).isEqualTo(label(id));
        assertThat(line.verdict()).isEqualTo(PassportLine.Verdict.OK);
        replaceOnTheHost("profile " + name(id) + " flags=(complain) { /** rwlkmix, }");
        assertThat(labelLine(id).found()).endsWith("(complain)");
        assertThat(labelLine(id).verdict()).isEqualTo(PassportLine.Verdict.DRIFT);
    }

    private PassportLine labelLine(ContainerId id) {
        return test.node().passport(id).lines().stream()
                .filter(line -> line.item().equals("lsm.label"))
                .findFirst()
                .orElseThrow();
    }

    /** What a container's own root can't: its profile is the host's. */
    private static void replaceOnTheHost(String profile) throws IOException {
        Process parser = new ProcessBuilder("apparmor_parser", "--skip-cache", "--replace").start();
        try (var input = parser.outputWriter(UTF_8)) {
            input.write(profile);
        }
        assertThat(new String(parser.getErrorStream().readAllBytes(), UTF_8)).isEmpty();
    }

    private String labelOfALogin(ContainerId id) throws IOException {
        try (Attachment attachment = test.attach(id, "demo", "echo in; read line", null)) {
            FileCalls.read(attachment.fds().get(2), 3);
            Path fdinfo = Path.of("/proc/self/fdinfo/" + attachment.fds().get(0).number());
            String pid = Files.readAllLines(fdinfo).stream()
                    .filter(line -> line.startsWith("Pid:"))
                    .findFirst()
                    .orElseThrow()
                    .substring(4)
                    .strip();
            return SecurityLabel.of(Integer.parseInt(pid)).orElseThrow();
        }
    }

    @Test
    void containerHasAPolicyNamespaceOfItsOwn() {
        ContainerId id = test.start("box");
        assertThat(test.run(
                                id,
                                "cd /sys/kernel/security/apparmor; cat .ns_name .ns_level .ns_stacked; wc -l < profiles")
                        .out())
                .isEqualTo("lxc-" + name(id) + "\n1\nyes\n0\n");
        assertThat(test.run(id, "cat /sys/module/apparmor/parameters/enabled").out())
                .isEqualTo("Y\n");
    }

    @Test
    void guestLoadsAProfileOfItsOwnAndIsBoundByIt() throws IOException {
        ContainerId id = test.start("box");
        test.run(id, "echo open > /root/open; echo shut > /root/shut");
        load(id, "profile inner { /** rix, deny /root/shut r, }");
        assertThat(profiles()).contains(":lxc-" + name(id) + ":inner (enforce)");
        String confined = "echo -n 'exec inner' > /proc/self/attr/exec && exec cat ";
        assertThat(test.run(id, confined + "/root/open").out()).isEqualTo("open\n");
        assertThat(test.run(id, confined + "/root/shut").err()).contains("Permission denied");
        assertThat(test.run(id, "cat /root/shut").out()).isEqualTo("shut\n");
        test.node().stop(id, Duration.ZERO);
        assertThat(profiles()).doesNotContain(name(id));
    }

    /** The parser of this host, as the busybox image has none; loaded by the container's root in the container. */
    private void load(ContainerId id, String profile) throws IOException {
        Process parser = new ProcessBuilder("apparmor_parser", "--skip-cache", "--stdout").start();
        try (var input = parser.outputWriter(UTF_8)) {
            input.write(profile);
        }
        byte[] compiled = parser.getInputStream().readAllBytes();
        try (Attachment attachment = test.attach(
                id, "root", "dd bs=1M count=1 iflag=fullblock of=/sys/kernel/security/apparmor/.load", null)) {
            Fd stdin = attachment.fds().get(1);
            FileCalls.writeAll(stdin, compiled);
            stdin.close();
            assertThat(TestNode.exit(attachment).code())
                    .as(new String(FileCalls.readAll(attachment.fds().get(3)), UTF_8))
                    .isZero();
        }
    }

    @Test
    void hostsSwitchesStayShutEvenForFilesOfTheTenantsOwnInTheirPlace() {
        ContainerId id = test.start("box");
        test.run(id, "touch /tmp/mine; mount --bind /tmp/mine /proc/sysrq-trigger");
        assertThat(test.run(id, "echo x > /tmp/mine").exit().code()).isZero();
        assertThat(test.run(id, "echo x > /proc/sysrq-trigger").err()).contains("Permission denied");
    }

    @Test
    void mountsThatTheProfileDeniesAreDenied() {
        ContainerId id = test.start("box");
        assertThat(test.run(id, "mkdir /place; mount -t tmpfs none /place").err())
                .isEmpty();
        assertThat(test.run(id, "mount -t bpf none /place").err()).contains("ermission denied");
    }

    @Test
    void oneContainersLabelReachesNoProcessOfAnother() {
        ContainerId one = test.start("one");
        ContainerId two = test.start("two");
        long ownInit = initPid(one);
        long othersInit = initPid(two);
        var stranger = new Stranger(test, one);
        assertThat(stranger.call(Sys.KILL, ownInit, Signal.SIGCONT)).isZero();
        assertThat(stranger.call(Sys.KILL, othersInit, Signal.SIGCONT))
                .as("EACCES")
                .isEqualTo(-13);
        assertThat(stranger.call(Sys.PTRACE, Stranger.PTRACE_SEIZE, ownInit, 0, 0))
                .isZero();
        assertThat(stranger.call(Sys.PTRACE, Stranger.PTRACE_SEIZE, othersInit, 0, 0))
                .as("EACCES")
                .isEqualTo(-13);
    }

    private long initPid(ContainerId id) {
        Integer pid = test.status(id).initPid();
        return pid == null ? -1 : pid;
    }
}
