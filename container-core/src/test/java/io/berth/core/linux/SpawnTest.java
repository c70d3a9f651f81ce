// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.ExitStatus.Exited;
import io.berth.core.linux.ExitStatus.Killed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SpawnTest {
    @Test
    void theProcessHasTheGivenDescriptorsAndNoOther() {
        assertThat(outputOf("ls /proc/self/fd; exit 0").lines().filter(fd -> !fd.equals("3")))
                .as("3 is ls's own")
                .containsExactly("0", "1", "2");
    }

    @Test
    void descriptorsMayBeGivenInAnyOrder() {
        try (Pipe pipe = FileCalls.pipe2()) {
            Child child;
            try (Fd shell = FileCalls.openat("/bin/sh");
                    Fd out = pipe.writeEnd();
                    Fd none = FileCalls.openat("/dev/null")) {
                List<String> argv = List.of("sh", "-c", "echo 4 >&4; echo 1");
                child = Spawn.spawn(shell, argv, List.of(none, out, out, none, out));
            }
            try (child) {
                assertThat(text(pipe.readEnd())).isEqualTo("4\n1\n");
                assertThat(child.waitFor()).isEqualTo(new Exited(0));
            }
        }
    }

    @Test
    void signalsAreUnblockedAndDefaultInASessionOfItsOwn() {
        String status = outputOf("cat /proc/self/status; exit 0");
        assertThat(status)
                .containsPattern("SigBlk:\\s+0000000000000000")
                .containsPattern("SigIgn:\\s+0000000000000000");
        assertThat(outputOf("read -r pid name state parent group session rest </proc/self/stat; echo $pid $session"))
                .matches("(\\d+) \\1\n");
    }

    @Test
    void theEnvironmentIsEmpty() {
        assertThat(outputOf("cat /proc/$$/environ; exit 0")).isEmpty();
    }

    @Test
    void theEndIsRecorded() {
        try (Child child = shell("exit 7")) {
            assertThat(child.waitFor()).isEqualTo(new Exited(7));
            assertThatThrownBy(child::waitFor).hasMessageContaining("ECHILD");
        }
        try (Child child = shell("kill -TERM $$")) {
            assertThat(child.waitFor()).isEqualTo(new Killed(15, false));
        }
        try (Child child = shell("read x </proc/self/fd/0; exec sleep 1000")) {
            assertThat(child.waitForNow()).isEmpty();
            child.kill(Signal.SIGKILL);
            assertThat(PollCalls.awaitReadable(child.pidfd(), null)).isTrue();
            assertThat(child.waitForNow()).contains(new Killed(9, false));
        }
    }

    @Test
    void aPidfdTellsAboutItsProcess() {
        try (Child child = shell("kill -STOP $$");
                Fd stdin = ProcessCalls.pidfdGetfd(child.pidfd(), 0)) {
            assertThat(FileCalls.fstat(stdin).rdev()).isEqualTo(new FileStatus.Device(1, 3));
            PidfdInfo info = ProcessCalls.pidfdGetInfo(child.pidfd());
            assertThat(info.pid()).isEqualTo(child.pid());
            assertThat(info.ppid()).isEqualTo(ProcessCalls.getpid());
            assertThat(info.uid()).isEqualTo(ProcessCalls.getuid());
            assertThat(info.exit()).isEmpty();
            child.kill(Signal.SIGKILL);
            assertThat(child.waitFor()).isEqualTo(new Killed(9, false));
            assertThat(ProcessCalls.pidfdGetInfo(child.pidfd()).exit()).contains(new Killed(9, false));
        }
    }

    @Test
    void whatCannotBeExecutedIsAnError() {
        try (Fd memfd = FileCalls.sealedMemfd("no program", new byte[] {1, 2, 3, 4})) {
            assertThatThrownBy(() -> Spawn.spawn(memfd, List.of("x"), List.of()))
                    .isInstanceOf(SyscallException.class)
                    .hasMessageMatching("posix_spawn\\('.*', \\[x]\\): (ENOEXEC|EACCES) .*");
        }
    }

    @Test
    void exitStatusReadsInWords() {
        assertThat(new Exited(3).describe()).isEqualTo("exit status 3");
        assertThat(new Killed(9, false).describe()).isEqualTo("killed by SIGKILL");
        assertThat(new Killed(37, true).describe()).isEqualTo("killed by signal 37 (core dumped)");
        assertThat(new Killed(15, false).shellCode()).isEqualTo(143);
        assertThat(new Exited(3).shellCode()).isEqualTo(3);
        assertThat(new Exited(0).isSuccess()).isTrue();
        assertThat(new Killed(1, false).isSuccess()).isFalse();
        assertThat(ExitStatus.ofWaitStatus(0x300)).isEqualTo(new Exited(3));
        assertThat(ExitStatus.ofWaitStatus(0x8b)).isEqualTo(new Killed(11, true));
        assertThatThrownBy(() -> ExitStatus.ofSiginfo(new byte[128])).isInstanceOf(IllegalArgumentException.class);
    }

    private static Child shell(String script) {
        try (Fd shell = FileCalls.openat("/bin/sh");
                Fd none = FileCalls.openat("/dev/null")) {
            return Spawn.spawn(shell, List.of("sh", "-c", script), List.of(none, none, none));
        }
    }

    private static String outputOf(String script) {
        try (Pipe pipe = FileCalls.pipe2();
                Fd shell = FileCalls.openat("/bin/sh");
                Fd none = FileCalls.openat("/dev/null");
                Child child = Spawn.spawn(
                        shell, List.of("sh", "-c", script), List.of(none, pipe.writeEnd(), pipe.writeEnd()))) {
            pipe.writeEnd().close();
            String output = text(pipe.readEnd());
            assertThat(child.waitFor()).isEqualTo(new Exited(0));
            return output;
        }
    }

    private static String text(Fd fd) {
        return new String(FileCalls.readAll(fd), UTF_8);
    }
}
