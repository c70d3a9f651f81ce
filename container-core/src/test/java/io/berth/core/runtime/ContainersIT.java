// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FdInputStream;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Ioctl;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Signal;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.PtyRequest;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ContainerState;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.TenantName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Real containers on the real kernel, on both storage drivers. Needs root. */
@ParameterizedClass
@EnumSource(RuntimeSettings.StorageDriver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainersIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Parameter
    RuntimeSettings.StorageDriver storage = RuntimeSettings.StorageDriver.OVERLAY;

    @SuppressWarnings("NullAway.Init") // by open()
    private TestNode test;

    @BeforeParameterizedClassInvocation // @BeforeAll comes before the parameter does
    void open() throws IOException {
        test = TestNode.open(storage, 8);
    }

    @AfterEach
    void deleteAll() {
        test.node().list().forEach(container -> test.node().delete(container.id()));
    }

    @AfterParameterizedClassInvocation
    void nothingIsLeftBehind() throws IOException {
        List<Path> cgroups = test.cgroups();
        test.close();
        assertThat(cgroups).isNotEmpty().allSatisfy(cgroup -> assertThat(cgroup).doesNotExist());
        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(test.settings().stateDir().toString());
    }

    @Test
    void containerHasIdsProcessesAndHostNameOfItsOwn() {
        ContainerId id = test.start("box");
        long base = test.status(id).uidBase();
        assertThat(test.run(id, "cat /proc/self/uid_map; cat /proc/self/gid_map")
                        .out()
                        .strip()
                        .split("\\s+"))
                .containsExactly("0", "" + base, "65536", "0", "" + base, "65536");
        assertThat(test.run(id, "hostname").out().strip()).isEqualTo("box");
        assertThat(test.run(id, "id -u").out().strip()).isEqualTo("0");
        assertThat(test.run(id, "ls /proc").out().lines().filter(line -> line.matches("[0-9]+")))
                .contains("1")
                .hasSizeLessThan(10);
    }

    @Test
    void everyNamespaceIsTheContainersOwn() throws IOException {
        ContainerId id = test.start("box");
        for (String type : List.of("user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time")) {
            String inside = test.run(id, "readlink /proc/self/ns/" + type).out().strip();
            String outside =
                    Files.readSymbolicLink(Path.of("/proc/self/ns", type)).toString();
            String init = test.run(id, "readlink /proc/1/ns/" + type).out().strip();
            assertThat(inside).startsWith(type + ":[").isNotEqualTo(outside).isEqualTo(init);
        }
    }

    @Test
    void twoContainersNeverShareAnId() {
        ContainerStatus one = test.status(test.start("one"));
        ContainerStatus two = test.status(test.start("two"));
        assertThat(Math.abs(one.uidBase() - two.uidBase())).isGreaterThanOrEqualTo(65_536);
    }

    @Test
    void uptimeBeginsAtBirth() {
        ContainerId id = test.start("box");
        double seconds = Double.parseDouble(
                test.run(id, "cut -d' ' -f1 /proc/uptime").out().strip());
        assertThat(seconds).isBetween(0.0, 60.0);
    }

    @Test
    void filesAreTheContainersAndStay() {
        ContainerId id = test.start("box");
        assertThat(test.run(id, "echo kept > /root/file; stat -c %u:%g /root/file; sync")
                        .out()
                        .strip())
                .isEqualTo("0:0");
        test.node().stop(id, Duration.ofSeconds(10));
        assertThat(test.status(id).state()).isEqualTo(ContainerState.STOPPED);
        test.node().start(id);
        assertThat(test.run(id, "cat /root/file").out()).isEqualTo("kept\n");
    }

    @Test
    void loginAndInitAreConfinedAlike() {
        ContainerId id = test.start("box");
        String login = test.run(id, "grep -E '^(CapBnd|CapEff|Seccomp):' /proc/self/status")
                .out();
        String init = test.run(id, "grep -E '^(CapBnd|CapEff|Seccomp):' /proc/1/status")
                .out();
        assertThat(login).isEqualTo(init).contains("Seccomp:\t2");
        assertThat(test.run(id, "mount -o remount,rw /sys").exit().code()).isNotEqualTo(0);
        assertThat(test.run(id, "mknod /tmp/sda b 8 0").exit().code()).isNotEqualTo(0);
        assertThat(test.run(id, "echo 1 > /proc/sys/kernel/panic").exit().code())
                .isNotEqualTo(0);
        assertThat(test.run(id, "dd if=/dev/zero of=/dev/null bs=1 count=1")
                        .exit()
                        .code())
                .isZero();
    }

    @Test
    void exitStatusSignalAndStreamsAreKeptApart() {
        ContainerId id = test.start("box");
        TestNode.Result result = test.run(id, "echo out; echo err >&2; exit 7");
        assertThat(result).isEqualTo(new TestNode.Result("out\n", "err\n", new Reply.Exited(7, null)));
        assertThat(test.run(id, "kill -TERM $$").exit()).isEqualTo(new Reply.Exited(null, "TERM"));
    }

    @Test
    void userIsTheContainersOwnUser() {
        ContainerId id = test.start("box");
        assertThat(test.run(id, "demo", "id -u; echo $HOME $USER $SHELL; pwd")
                        .out()
                        .lines())
                .containsExactly("1000", "/home/demo demo /bin/sh", "/home/demo");
        assertThatThrownBy(() -> test.run(id, "nobody-here", "true"))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.NOT_FOUND))
                .hasMessageContaining("no user 'nobody-here'");
    }

    @Test
    void shellThatIsMissingIsNamed() {
        ContainerId id = test.start("box");
        test.run(id, "sed -i 's|^demo:.*|demo:x:1000:1000::/:/bin/gone|' /etc/passwd");
        assertThatThrownBy(() -> test.run(id, "demo", "true"))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("execute '/bin/gone'")
                .hasMessageContaining("ENOENT");
    }

    @Test
    void loginGoesByTheAccountsOfItsOwnTime() throws IOException {
        ContainerId id = test.start("box");
        assertThat(test.run(id, "demo", "pwd").out()).isEqualTo("/home/demo\n");
        test.run(id, "sed -i 's|:/home/demo:|:/tmp:|' /etc/passwd");
        assertThat(test.run(id, "demo", "pwd").out()).isEqualTo("/tmp\n");
        test.run(id, "echo 'crew:x:77:demo' >> /etc/group");
        PtyRequest pty = new PtyRequest("vt100", 80, 24, 0, 0, new byte[] {0});
        try (Attachment attachment = test.attach(id, "demo", "id -G; tty", pty)) {
            assertThat(readTerminal(attachment.fds().get(1))).contains(" 77", "/dev/pts/");
        }
        test.run(id, "echo 'new:x:1001:1001::/:/bin/sh' >> /etc/passwd");
        assertThat(test.run(id, "new", "id -u").out()).isEqualTo("1001\n");
        test.run(id, "sed -i /^demo:/d /etc/passwd");
        assertThatThrownBy(() -> test.run(id, "demo", "true")).hasMessageContaining("no user 'demo'");
    }

    @Test
    void doorIsOutOfReachFromInside() throws IOException {
        ContainerId id = test.start("box");
        test.run(id, "true");
        assertThat(door()).as("outside it is there").isPresent();
        assertThat(test.run(id, "cat /proc/[0-9]*/comm").out()).doesNotContain("berth");
        test.run(id, "kill -9 -1");
        assertThat(test.run(id, "echo alive").out()).isEqualTo("alive\n");
    }

    @Test
    void loginsGoOnWhenTheDoorWasKilled() throws IOException {
        ContainerId id = test.start("box");
        ProcessHandle door = door().orElseThrow();
        door.destroyForcibly();
        await().atMost(LONG)
                .until(() -> Files.readString(Path.of("/proc/" + door.pid() + "/stat"))
                        .contains(" Z "));
        assertThat(test.run(id, "echo alive").out()).isEqualTo("alive\n");
    }

    private static Optional<ProcessHandle> door() throws IOException {
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            if (isDoor(child)) {
                return Optional.of(child);
            }
        }
        return Optional.empty();
    }

    private static boolean isDoor(ProcessHandle child) throws IOException {
        try {
            return Files.readString(Path.of("/proc/" + child.pid() + "/comm")).equals("berth-door\n");
        } catch (NoSuchFileException _) {
            return false; // it has ended meanwhile, as whoever helped at the birth does
        }
    }

    @Test
    void hostilePasswdHarmsNobody() {
        ContainerId id = test.start("box");
        for (String trick : List.of(
                "ln -sf /proc/self/mem /etc/passwd",
                "ln -sf /dev/zero /etc/passwd",
                "rm -f /etc/passwd; mkfifo /etc/passwd",
                "rm -f /etc/passwd; mkdir /etc/passwd")) {
            ContainerId victim = test.start("v" + Math.floorMod(trick.hashCode(), 1000));
            test.run(victim, "cp /etc/passwd /tmp/p; " + trick);
            assertThatThrownBy(() -> test.run(victim, "true"))
                    .isInstanceOfSatisfying(
                            ContainerException.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.NOT_FOUND));
        }
        assertThat(test.run(id, "true").exit().code()).isZero();
    }

    @Test
    void poisonedAttachCgroupIsReplaced() {
        ContainerId id = test.start("box");
        test.run(id, "true");
        test.run(
                id,
                "mkdir -p /tmp/c; (sleep 0.1; echo 1 > /sys/fs/cgroup/attach/cgroup.kill) >/dev/null 2>&1 & exit 0");
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(test.run(id, "echo alive").out()).isEqualTo("alive\n"));
    }

    @Test
    void terminalIsTheContainersOwn() throws IOException {
        ContainerId id = test.start("box");
        PtyRequest pty = new PtyRequest("vt100", 101, 37, 0, 0, new byte[] {0});
        try (Attachment attachment = test.attach(id, "demo", "tty; stty size; echo $TERM; ls -ln $(tty)", pty)) {
            String text = readTerminal(attachment.fds().get(1));
            assertThat(text).contains("/dev/pts/", "37 101", "vt100", " 1000 ");
            assertThat(TestNode.exit(attachment)).isEqualTo(new Reply.Exited(0, null));
        }
    }

    @Test
    void closedTerminalHangsTheSessionUp() {
        ContainerId id = test.start("box");
        Attachment attachment =
                test.attach(id, "root", "sleep 1000", new PtyRequest("vt100", 80, 24, 0, 0, new byte[] {0}));
        attachment.close();
        assertThat(TestNode.exit(attachment)).isEqualTo(new Reply.Exited(null, "HUP"));
    }

    @Test
    void signalReachesTheSession() {
        ContainerId id = test.start("box");
        try (Attachment attachment = test.attach(id, "root", "exec sleep 1000", null)) {
            attachment.signal("USR1");
            assertThat(TestNode.exit(attachment)).isEqualTo(new Reply.Exited(null, "USR1"));
        }
    }

    @Test
    void limitsAreTheKernelsAndChangeLive() throws IOException {
        ContainerId id = test.create("box", new Limits(64L << 20, 500, 40));
        test.node().start(id);
        TestNode.Result forks = test.run(id, "for i in $(seq 60); do sleep 5 & done; echo done");
        assertThat(forks.err()).contains("fork");
        test.node().stop(id, Duration.ZERO);
        test.node().start(id);
        test.node().resize(id, new Limits(64L << 20, 500, 400));
        assertThat(test.run(id, "for i in $(seq 60); do sleep 1 & done; echo done")
                        .err())
                .isEmpty();
        assertThat(test.status(id).spec().limits().pids()).isEqualTo(400);
        assertThat(test.run(id, "dd if=/dev/zero of=/dev/null bs=120M count=1").exit())
                .isIn(new Reply.Exited(null, "KILL"), new Reply.Exited(137, null), new Reply.Exited(1, null));
    }

    @Test
    void frozenContainerStandsStillAndRefusesLogins() {
        ContainerId id = test.start("box");
        assertThat(test.node().freeze(id).state()).isEqualTo(ContainerState.FROZEN);
        assertThatThrownBy(() -> test.run(id, "true"))
                .hasMessageContaining("frozen")
                .hasMessageContaining("thaw");
        assertThat(test.node().thaw(id).state()).isEqualTo(ContainerState.RUNNING);
        assertThat(test.run(id, "echo back").out()).isEqualTo("back\n");
        test.node().freeze(id);
        assertThat(test.node().stop(id, Duration.ofSeconds(5)).state()).isEqualTo(ContainerState.STOPPED);
    }

    @Test
    void poweroffInsideStopsAndRebootInsideStartsAgain() {
        ContainerId id = test.start("box");
        int first = initPid(id);
        test.run(id, "reboot -f");
        await().atMost(LONG).until(() -> test.status(id).initPid() != null && initPid(id) != first);
        assertThat(test.status(id).lastExit()).isEqualTo("rebooted");
        test.run(id, "poweroff -f");
        await().atMost(LONG).until(() -> test.status(id).state() == ContainerState.STOPPED);
        assertThat(test.status(id).lastExit()).isEqualTo("powered off");
        assertThat(test.status(id).shouldRun()).isFalse();
        assertThatThrownBy(() -> test.run(id, "true"))
                .hasMessageContaining("stopped")
                .hasMessageContaining("start");
    }

    @Test
    void runningContainerIsPickedUpByTheNextAgent() {
        ContainerId id = test.start("box");
        test.run(id, "(sleep 1000 >/dev/null 2>&1 &) ; echo 1 > /tmp/mark");
        int before = initPid(id);
        test.reopen();
        assertThat(initPid(id)).isEqualTo(before);
        assertThat(test.run(id, "cat /tmp/mark").out()).isEqualTo("1\n");
        PtyRequest pty = new PtyRequest("vt100", 80, 24, 0, 0, new byte[] {0});
        try (Attachment attachment = test.attach(id, "root", "tty", pty)) {
            assertThat(TestNode.exit(attachment)).isEqualTo(new Reply.Exited(0, null));
        }
        test.node().stop(id, Duration.ofSeconds(10));
        assertThat(test.status(id).state()).isEqualTo(ContainerState.STOPPED);
    }

    @Test
    void endWhileNoAgentWatchedIsFoundOut() {
        ContainerId id = test.start("box");
        int pid = initPid(id);
        test.run(id, "(sleep 0.3; poweroff -f) >/dev/null 2>&1 & exit 0");
        test.node().close();
        await().atMost(LONG).until(() -> !Files.exists(Path.of("/proc", "" + pid)));
        test.reopen();
        assertThat(test.status(id).state()).isEqualTo(ContainerState.STOPPED);
        assertThat(test.status(id).lastExit()).isEqualTo("powered off");
    }

    @Test
    void deletionThatAnAgentsDeathInterruptedEndsTheContainerFirst() throws IOException {
        ContainerId id = test.start("box");
        int pid = initPid(id);
        test.node().close();
        Path record = test.settings().stateDir().resolve("agent/containers/" + id + ".json");
        Files.writeString(record, Files.readString(record).replaceFirst("\"(SETTLING|READY)\"", "\"DELETING\""));
        test.reopen();
        assertThat(Path.of("/proc", "" + pid)).doesNotExist();
        assertThat(record).doesNotExist();
        assertThat(test.node().list()).isEmpty();
        assertThat(test.cgroups())
                .allSatisfy(cgroup -> assertThat(cgroup.resolve(id.toString())).doesNotExist());
    }

    /** What a container uses of inotify, namespaces and keys is charged to the owner: to itself, not to the host's root. */
    @Test
    void userNamespaceBelongsToTheContainersOwnUid() {
        ContainerId id = test.start("box");
        byte[] owner = new byte[Integer.BYTES];
        try (Fd namespace = FileCalls.openat("/proc/" + initPid(id) + "/ns/user", OpenFlag.O_RDONLY)) {
            FileCalls.ioctl(namespace, Ioctl.NS_GET_OWNER_UID, owner);
        }
        int uid = ByteBuffer.wrap(owner).order(ByteOrder.nativeOrder()).getInt();
        assertThat((long) uid).isEqualTo(test.status(id).uidBase());
    }

    @Test
    void consoleIsLoggedWithinBounds() {
        ContainerId id = test.start("box");
        test.run(
                id,
                "i=0; while [ $i -lt 20000 ]; do echo line-$i-xxxxxxxxxxxxxxxxxxxx; i=$((i+1)); done > /dev/console");
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(test.node().consoleLog(id, 1000)).contains("line-19999-"));
        assertThat(test.settings()
                        .stateDir()
                        .resolve("agent/lives/" + id + ".console")
                        .toFile()
                        .length())
                .isLessThanOrEqualTo(300 * 1024);
    }

    @Test
    void verbsAreIdempotent() {
        ContainerId id = test.create("box");
        ContainerStatus status = test.status(id);
        assertThat(test.node().create(id, status.spec())).isEqualTo(status);
        int pid = first(test.node().start(id));
        assertThat(first(test.node().start(id))).isEqualTo(pid);
        test.node().stop(id, Duration.ofSeconds(5));
        assertThat(test.node().stop(id, Duration.ofSeconds(5)).state()).isEqualTo(ContainerState.STOPPED);
        test.node().delete(id);
        test.node().delete(id);
        assertThatThrownBy(() -> test.status(id)).hasMessageContaining("no container");
    }

    @Test
    void aDeletionThatFailsHalfWayIsFinishedByTheNext() throws Exception {
        ContainerId id = test.create("box");
        Path tree = test.settings().stateDir().resolve("pool/containers/" + id);
        attribute("+i", tree);
        assertThatThrownBy(() -> test.node().delete(id)).hasMessageContaining("EPERM");
        assertThat(test.node().list()).hasSize(1);
        attribute("-i", tree);
        test.node().delete(id);
        assertThat(tree).doesNotExist();
        assertThat(test.node().list()).isEmpty();
    }

    private static void attribute(String change, Path file) throws Exception {
        Process chattr = new ProcessBuilder("chattr", change, file.toString())
                .inheritIO()
                .start();
        assertThat(chattr.waitFor()).isZero();
    }

    @Test
    void badInputLeavesNothingBehind() throws IOException {
        ImageId unknown = new ImageId("sha256:" + "f".repeat(64));
        ContainerSpec spec = new ContainerSpec(
                new ContainerName("box"), new TenantName("tests"), unknown, TestNode.SMALL, NetworkMode.NONE);
        assertThatThrownBy(() -> test.node().create(new ContainerId(UUID.randomUUID()), spec))
                .hasMessageContaining("no image sha256:ffff")
                .hasMessageContaining("berth image build");
        ContainerId id = test.create("noinit");
        test.node().start(id);
        test.run(id, "rm -f /sbin/init /bin/init");
        test.node().stop(id, Duration.ZERO);
        assertThatThrownBy(() -> test.node().start(id))
                .hasMessageContaining("execute '/sbin/init'")
                .hasMessageContaining("ENOENT");
        assertThat(test.status(id).state()).isEqualTo(ContainerState.STOPPED);
        assertThat(test.cgroups())
                .allSatisfy(cgroup -> assertThat(cgroup.resolve(id.toString())).doesNotExist());
    }

    @Test
    void fullUidPoolSaysSo() {
        for (int i = 0; i < 8; i++) {
            test.create("box" + i);
        }
        assertThatThrownBy(() -> test.create("onemore"))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.EXHAUSTED))
                .hasMessageContaining("BERTH_UID_RANGES");
        assertThat(test.node().list()).hasSize(8);
    }

    @Test
    void birthCanBeReadBeforeItHappens() {
        ContainerId id = test.create("box");
        assertThat(test.node().describeBirth(id)).contains("clone3", "pivot_root", "execve('/sbin/init'");
        assertThat(test.status(id).state()).isEqualTo(ContainerState.STOPPED);
    }

    private static int first(ContainerStatus status) {
        Integer pid = status.initPid();
        return pid == null ? -1 : pid;
    }

    private int initPid(ContainerId id) {
        return first(test.status(id));
    }

    private static String readTerminal(Fd master) throws IOException {
        try (FdInputStream in = new FdInputStream(master)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** Whatever of it is gone already when the login comes. */
    @Test
    void aLoginIntoAContainerThatHasJustDiedHearsThatItIsStopped() {
        for (int attempt = 0; attempt < 10; attempt++) {
            ContainerId id = test.start("box" + attempt);
            Integer init = test.status(id).initPid();
            assertThat(init).isNotNull();
            ProcessCalls.kill(init, Signal.SIGKILL);
            assertThatThrownBy(() -> {
                        while (true) {
                            test.run(id, "true");
                        }
                    })
                    .isInstanceOf(ContainerException.class)
                    .hasMessageContaining("is stopped; start it first");
            test.node().delete(id);
        }
    }
}
