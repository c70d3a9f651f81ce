// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Signal;
import io.berth.core.linux.Sys;
import io.berth.core.protocol.PassportLine;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Containers on a host whose SELinux enforces, with config/selinux/berth.cil: in the VM lab (tests/lab/run). Needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelinuxIT {
    private static final Path ENFORCE = Path.of("/sys/fs/selinux/enforce");
    private static final Pattern LABEL = Pattern.compile("system_u:system_r:berth_container_t:s0:(c\\d+,c\\d+)");
    private static final int EACCES = -13;

    @SuppressWarnings("NullAway.Init") // by open()
    private TestNode test;

    @BeforeAll
    static void needsSelinux() throws IOException {
        assumeTrue(
                Files.exists(ENFORCE) && Files.readString(ENFORCE).equals("1"),
                "the kernel enforces no SELinux policy; ./berth test -Plab runs this in the VM lab");
    }

    private void open(RuntimeSettings.StorageDriver storage) throws IOException {
        test = TestNode.open(storage, 8);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static String categories(String label) {
        Matcher matcher = LABEL.matcher(label);
        assertThat(matcher.matches()).as(label).isTrue();
        return matcher.group(1);
    }

    @ParameterizedTest
    @EnumSource
    void initAndLoginHaveThePairOfTheContainerAndThePassportSaysSo(RuntimeSettings.StorageDriver storage)
            throws IOException {
        open(storage);
        ContainerId one = test.start("one");
        ContainerId two = test.start("two");
        String label = String.valueOf(test.status(one).securityLabel());
        assertThat(categories(label))
                .isNotEqualTo(categories(String.valueOf(test.status(two).securityLabel())));
        assertThat(test.run(one, "tr -d '\\0' < /proc/1/attr/current; tr -d '\\0' < /proc/self/attr/current")
                        .out())
                .isEqualTo(label + label);
        PassportLine line = test.node().passport(one).lines().stream()
                .filter(each -> each.item().equals("lsm.label"))
                .findFirst()
                .orElseThrow();
        assertThat(line.found()).isEqualTo(label).isEqualTo(line.expected());
        assertThat(line.differs()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aContainerWorksAsOnAnyHost(RuntimeSettings.StorageDriver storage) throws IOException {
        open(storage);
        ContainerId id = test.start("box");
        assertThat(test.run(
                                id,
                                "echo kept > /root/file; cp /bin/busybox /root/busybox; mkfifo /root/p; ln -s busybox /root/l; /root/busybox cat"
                                        + " /root/file; mknod /dev/own c 1 3; echo > /dev/own && echo opened; mkdir -p /mnt && mount -t tmpfs none /mnt"
                                        + " && touch /mnt/x && ls /mnt; sleep 0 & wait; chown demo /root/file; ps | grep -c init")
                        .out())
                .startsWith("kept\nopened\nx\n");
        assertThat(test.run(id, "demo", "id -un; echo mine > ~/file && cat ~/file")
                        .out())
                .isEqualTo("demo\nmine\n");
        assertThat(test.run(id, "unshare -U -r -m -p -f --mount-proc sh -c 'ls /proc/1/status'")
                        .out())
                .isEqualTo("/proc/1/status\n");
        String context = storage == RuntimeSettings.StorageDriver.OVERLAY
                ? "system_u:object_r:berth_container_file_t:s0:"
                        + categories(String.valueOf(test.status(id).securityLabel()))
                : "system_u:object_r:berth_container_file_t:s0";
        assertThat(test.run(id, "grep ' / / ' /proc/self/mountinfo; grep ' / ' /proc/mounts")
                        .out())
                .contains(context);
        test.reopen();
        assertThat(test.run(id, "cat /root/file").out()).isEqualTo("kept\n");
    }

    @Test
    void oneContainersLabelReachesNeitherAnothersProcessesNorTheHostsFiles() throws IOException {
        open(RuntimeSettings.StorageDriver.BTRFS);
        ContainerId one = test.start("one");
        ContainerId two = test.start("two");
        var stranger = new Stranger(test, one);
        assertThat(stranger.call(Sys.KILL, initPid(one), Signal.SIGCONT)).isZero();
        assertThat(stranger.call(Sys.KILL, initPid(two), Signal.SIGCONT)).isEqualTo(EACCES);
        assertThat(stranger.call(Sys.PTRACE, Stranger.PTRACE_SEIZE, initPid(one), 0, 0))
                .isZero();
        assertThat(stranger.call(Sys.PTRACE, Stranger.PTRACE_SEIZE, initPid(two), 0, 0))
                .isEqualTo(EACCES);
        assertThat(stranger.call(Sys.KILL, ProcessHandle.current().pid(), 0)).isEqualTo(EACCES);
        for (String file : new String[] {"/etc/shadow", "/etc/passwd", "/proc/1/environ", "/dev/sda", "/dev/ubda"}) {
            if (Files.exists(Path.of(file))) {
                assertThat(stranger.call(Sys.OPENAT, Fd.AT_FDCWD, file, OpenFlag.O_RDONLY))
                        .as(file)
                        .isEqualTo(EACCES);
            }
        }
    }

    @Test
    void anOverlaysFilesAreTheContainersByTheirCategoriesToo() throws IOException {
        open(RuntimeSettings.StorageDriver.OVERLAY);
        ContainerId one = test.start("one");
        ContainerId two = test.start("two");
        test.run(two, "echo secret > /root/file; chmod 755 /root");
        try (Fd file = FileCalls.openat("/proc/" + initPid(two) + "/root/root/file", OpenFlag.O_PATH)) {
            assertThat(new Stranger(test, one)
                            .call(
                                    Sys.OPENAT,
                                    Fd.AT_FDCWD,
                                    "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.number(),
                                    OpenFlag.O_RDONLY))
                    .isEqualTo(EACCES);
        }
    }

    private long initPid(ContainerId id) {
        Integer pid = test.status(id).initPid();
        return pid == null ? -1 : pid;
    }
}
