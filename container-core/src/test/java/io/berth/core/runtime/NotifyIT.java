// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.Sys;
import io.berth.core.linux.TreeCalls;
import io.berth.core.protocol.Denial;
import io.berth.core.protocol.Grant;
import io.berth.core.protocol.PatchStatus;
import io.berth.core.protocol.RuleCount;
import io.berth.core.runtime.RuntimeSettings.StorageDriver;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the supervisor answers, asked by real programs in real containers. */
@Timeout(120)
class NotifyIT {
    private static TestNode node;
    private static ContainerId id;

    @BeforeAll
    static void open() throws IOException {
        node = TestNode.open(StorageDriver.OVERLAY, 16);
        id = node.start("notify");
    }

    @AfterAll
    static void close() {
        node.close();
    }

    /** The exit status of a command in the container. */
    private static int status(String command) {
        Integer code = node.run(id, command).exit().code();
        assertThat(code).as(command).isNotNull();
        return code;
    }

    private static String output(String command) {
        return node.run(id, command).out().strip();
    }

    private static long count(String rule) {
        return node.node().denials(id).counts().stream()
                .filter(count -> count.rule().equals(rule))
                .mapToLong(RuleCount::count)
                .sum();
    }

    private static Optional<Denial> last(String rule) {
        return node.node().denials(id).recent().stream()
                .filter(denial -> denial.rule().equals(rule))
                .findFirst();
    }

    @Test
    void aDenialIsCountedAndTellsWhoAskedForWhat() {
        long before = count("umount2");
        Instant asked = Instant.now();
        node.run(id, Program.install("/root/force", Sys.UMOUNT2, 0L, 1L));
        assertThat(status("/root/force")).isEqualTo(Errno.EPERM.number());
        assertThat(status("/root/force")).isEqualTo(Errno.EPERM.number());
        assertThat(count("umount2")).isEqualTo(before + 2);
        Denial denial = last("umount2").orElseThrow();
        assertThat(denial.call()).isEqualTo("umount2(flags=0x1)");
        assertThat(denial.process()).isEqualTo("force");
        assertThat(denial.error()).isEqualTo("EPERM");
        assertThat(denial.last()).isAfterOrEqualTo(asked);
        assertThat(denial.times()).isEqualTo(2);
    }

    @Test
    void whatTheKernelAnswersByItselfIsNotCounted() {
        node.run(id, Program.install("/root/keyctl", Sys.KEYCTL, 0L));
        assertThat(status("/root/keyctl")).isEqualTo(Errno.ENOSYS.number());
        assertThat(count("keyctl")).isZero();
    }

    @Test
    void harmlessDevicesCanBeMadeAndUsed() {
        assertThat(output("cd /root && mknod null c 1 3 && echo lost >null && cat null; ls -ln null"))
                .startsWith("crw-r--r--")
                .contains(" 0 ")
                .contains("1,   3");
        assertThat(
                        output(
                                "mkdir -p /root/dev && mknod -m 666 /root/dev/zero c 1 5 && head -c 3 /root/dev/zero | od -An -tx1"))
                .isEqualTo("00 00 00");
        assertThat(output("umask 077; mknod /root/dev/full c 1 7; stat -c %a /root/dev/full"))
                .isEqualTo("600");
        assertThat(
                        status(
                                "mkdir -p /root/w && mount -t tmpfs w /root/w && mknod /root/w/out c 0 0; s=$?; umount /root/w; exit $s"))
                .as("a whiteout, which overlayfs itself would refuse")
                .isZero();
        assertThat(status("mknod /root/fifo p")).isZero();
    }

    @Test
    void otherDevicesCannot() {
        long before = count("mknodat") + count("mknod");
        assertThat(status("mknod /root/sda b 8 0")).isNotZero();
        assertThat(status("mknod /root/mem c 1 1")).isNotZero();
        assertThat(status("mknod /root/kmsg c 1 11")).isNotZero();
        assertThat(status("mknod /root/console c 5 1")).isNotZero();
        assertThat(output("ls /root/sda /root/mem /root/kmsg /root/console 2>/dev/null"))
                .isEmpty();
        assertThat(count("mknodat") + count("mknod")).isEqualTo(before + 4);
    }

    @Test
    void aNodeThatCouldNotBeOpenedIsNotMade() {
        assertThat(output(
                        "mkdir -p /root/tmpfs && mount -t tmpfs none /root/tmpfs && ! mknod /root/tmpfs/null c 1 3; ls"
                                + " /root/tmpfs; umount /root/tmpfs"))
                .as("a tmpfs of the user namespace's own")
                .isEmpty();
    }

    @Test
    void pathsAreTheCallersOwn() {
        assertThat(output("mkdir -p /root/a/b && cd /root/a/b && mknod ../null c 1 3 && ls /root/a"))
                .isEqualTo("b\nnull");
        assertThat(output("ln -s / /root/top; mknod /root/top/root/byroot c 1 3; ls /root/byroot"))
                .isEqualTo("/root/byroot");
        assertThat(output("ln -s /root /root/away; cd /root && mknod away/byaway c 1 3; ls /root/byaway"))
                .isEqualTo("/root/byaway");
        assertThat(status("mknod ../../../../../../../../tmp/beyond c 1 3; test -e /tmp/beyond"))
                .isZero();
        assertThat(status("mknod /proc/1/root/root/magic c 1 3"))
                .as("by a magic link")
                .isNotZero();
        assertThat(output("mkdir -p /root/jail/dev /root/jail/bin; cp /bin/busybox /root/jail/bin; chroot /root/jail"
                        + " /bin/busybox mknod /dev/null c 1 3; ls /root/jail/dev"))
                .as("in a root of its own")
                .isEqualTo("null");
        assertThat(status("mknod /root/none/null c 1 3")).isNotZero();
        assertThat(status("mknod /root/twice c 1 3 && mknod /root/twice c 1 3")).isNotZero();
    }

    @Test
    void aThreadThatHasChangedSinceItsLastCallIsSeenAnew() {
        // the name is the one text that a program has
        long device = 0x103; // 1:3, null
        long mode = 0020666;
        node.run(
                id,
                Program.install(
                        "/root/turns",
                        new Program.Call(Sys.UMASK, 077L),
                        new Program.Call(Sys.MKNODAT, 3L, Program.ADDRESS_OF_ONE, mode, device),
                        new Program.Call(Sys.UMASK, 0L),
                        new Program.Call(Sys.SETFSGID, 7L),
                        new Program.Call(Sys.MKNODAT, 4L, Program.ADDRESS_OF_ONE, mode, device),
                        new Program.Call(Sys.SETFSUID, 7L),
                        new Program.Call(Sys.MKNODAT, 5L, Program.ADDRESS_OF_ONE, mode, device)));
        assertThat(status("cd /root && mkdir t3 t4 t5 && chmod 777 t5 && ./turns 3<t3 4<t4 5<t5"))
                .as("a change of fsuid gives up CAP_MKNOD")
                .isEqualTo(Errno.EPERM.number());
        assertThat(output("stat -c '%a %u %g' /root/t3/* /root/t4/*; ls /root/t5"))
                .isEqualTo("600 0 0\n666 0 7");
    }

    @Test
    void aUserWithoutPrivilegeMakesNoDevice() {
        assertThat(node.run(id, "adduser -D -H nobodys 2>/dev/null; su nobodys -s /bin/sh -c 'mknod /tmp/u c 1 3'")
                        .exit()
                        .code())
                .isNotZero();
        assertThat(output(
                        "mkdir -p /root/theirs; chown 1234:1234 /root/theirs; chmod 700 /root/theirs; mknod /root/theirs/null c"
                                + " 1 3; stat -c '%u %t %T' /root/theirs/null"))
                .as("root overrides its own users' permissions")
                .isEqualTo("0 1 3");
    }

    @Test
    void rootMarksADirectoryAsOpaqueAndSetsNoOtherTrustedAttribute() {
        String install = "mkdir -p /root/layer && "
                + Program.install("/root/opaque", attribute("trusted.overlay.opaque", "y"))
                + " && " + Program.install("/root/redirect", attribute("trusted.overlay.redirect", "y"))
                + " && " + Program.install("/root/other", attribute("trusted.overlay.opaque", "n"));
        node.run(id, install);
        assertThat(status("/root/redirect")).as("another attribute").isEqualTo(Errno.EPERM.number());
        assertThat(status("/root/other")).as("another value").isEqualTo(Errno.EPERM.number());
        assertThat(status("unshare -U -r /root/opaque"))
                .as("root of a namespace within")
                .isEqualTo(Errno.EPERM.number());
        assertThat(attributes("/root/layer")).isEmpty();
        assertThat(status("/root/opaque")).isZero();
        assertThat(attributes("/root/layer")).containsExactly("trusted.overlay.opaque");
    }

    private static Program.Call attribute(String name, String value) {
        return new Program.Call(Sys.SETXATTR, "/root/layer", name, value, 1L, 0L);
    }

    /** As the host's root sees them: nobody in a user namespace does. */
    private static Set<String> attributes(String path) {
        String seen = "/proc/" + node.status(id).initPid() + "/root" + path;
        try (Fd file = FileCalls.openat(seen, OpenFlag.O_RDONLY)) {
            return TreeCalls.attributes(file).keySet();
        }
    }

    @Test
    void sysinfoTellsTheContainersMemory() {
        assertThat(output("free -b | awk '/Mem/ {print $2}'"))
                .startsWith(Long.toString(TestNode.SMALL.memoryBytes())); // busybox runs its columns together
        assertThat(output("uptime")).containsPattern("up [0-2] min");
    }

    @Test
    void processorsAreAPartOfThoseThatOneMayRunOn() {
        assertThat(output("nproc")).isEqualTo("1");
        assertThat(status("m=$(taskset -p $$ | sed 's/.*: //') && taskset -p $m $$"))
                .as("what was told may be set")
                .isZero();
        assertThat(status("taskset -p 1 1 && taskset -p 1")).as("another's").isZero();
        node.run(id, Program.install("/root/affinity", Sys.SCHED_GETAFFINITY, 0L, 4L, Program.ADDRESS_OF_ONE));
        assertThat(status("/root/affinity")).as("no whole long").isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void realTimeSchedulingIsAcceptedAndHarmless() {
        long fifo = 1;
        Program.Call asked = new Program.Call(Sys.SCHED_SETSCHEDULER, 0L, fifo, Program.ADDRESS_OF_ONE);
        node.run(id, Program.install("/root/fifo1", asked));
        node.run(id, Program.install("/root/fifo2", asked, new Program.Call(Sys.GETPRIORITY, 0L, 0L)));
        node.run(id, Program.install("/root/fifo3", asked, new Program.Call(Sys.SCHED_GETSCHEDULER, 0L)));
        assertThat(status("/root/fifo1")).isZero();
        assertThat(status("/root/fifo2")).as("20 less a nice of -20").isEqualTo(40);
        assertThat(status("/root/fifo3")).as("SCHED_OTHER").isZero();
        node.run(id, Program.install("/root/fifo4", Sys.SCHED_SETSCHEDULER, 1L, fifo, Program.ADDRESS_OF_ONE));
        assertThat(status("/root/fifo4")).as("of another process").isEqualTo(Errno.EPERM.number());
    }

    @Test
    void anExceptionHoldsAtOnceAndUntilItIsRevoked() {
        node.run(id, Program.install("/root/bpf", Sys.BPF, 999L, 0L, 0L));
        assertThat(status("/root/bpf")).isEqualTo(Errno.EPERM.number());
        Instant until = Instant.now().plus(Duration.ofHours(1));
        node.node().grant(id, "bpf", until);
        assertThat(node.node().denials(id).grants()).containsExactly(new Grant("bpf", until));
        assertThat(status("/root/bpf")).as("the kernel's own answer").isNotEqualTo(0);
        long counted = count("bpf");
        assertThat(status("/root/bpf")).isNotZero();
        assertThat(count("bpf")).as("no denial any more").isEqualTo(counted);
        node.node().revoke(id, "bpf");
        assertThat(status("/root/bpf")).isEqualTo(Errno.EPERM.number());
        assertThat(count("bpf")).isEqualTo(counted + 1);
        assertThatThrownBy(() -> node.node().grant(id, "keyctl", until))
                .hasMessageContaining("no exception from 'keyctl'")
                .hasMessageContaining("bpf");
        assertThatThrownBy(() -> node.node().grant(id, "bpf", Instant.EPOCH)).hasMessageContaining("is past");
    }

    @Test
    void aPatchCoversLoginsAtOnceAndInitFromItsNextStart() {
        node.run(id, Program.install("/root/splice", Sys.VMSPLICE, -1L, 0L, 0L, 0L));
        assertThat(status("/root/splice")).isEqualTo(Errno.EBADF.number());
        PatchStatus patch = node.node().addPatch("vmsplice");
        try {
            assertThat(status("/root/splice")).isEqualTo(Errno.EPERM.number());
            assertThat(last("vmsplice").orElseThrow().process()).isEqualTo("splice");
            assertThat(node.node().coverage(patch)).anySatisfy(covered -> {
                assertThat(covered.container()).isEqualTo(id);
                assertThat(covered.init()).isNull();
                assertThat(covered.logins()).isEqualTo(patch.addedAt());
            });
            ContainerId later = node.start("later");
            assertThat(node.node().coverage(patch)).anySatisfy(covered -> {
                assertThat(covered.container()).isEqualTo(later);
                assertThat(covered.init()).isNotNull();
            });
            node.node().delete(later);
            assertThat(node.node().patches()).containsExactly(patch);
        } finally {
            node.node().removePatch("vmsplice");
        }
        assertThat(status("/root/splice")).isEqualTo(Errno.EBADF.number());
    }

    @Test
    void aPatchThatWouldStopEverythingIsRefused() {
        assertThatThrownBy(() -> node.node().addPatch("execve")).hasMessageContaining("nothing in them would start");
        assertThatThrownBy(() -> node.node().addPatch("nosuchcall"))
                .hasMessageContaining("no system call 'nosuchcall'");
        assertThat(node.node().patches()).isEmpty();
    }

    @Test
    void theNextAgentAnswersWhatRunsSinceBefore() {
        status(
                "mkfifo /root/go; (read x </root/go; mknod /root/old c 1 3; echo $? >/root/told) >/dev/null 2>&1 </dev/null &");
        node.reopen();
        status("mkfifo /root/told; echo >/root/go; cat /root/told");
        assertThat(status("mknod /root/new c 1 3")).isZero();
        assertThat(output("ls /root/old /root/new")).isEqualTo("/root/new\n/root/old");
    }
}
