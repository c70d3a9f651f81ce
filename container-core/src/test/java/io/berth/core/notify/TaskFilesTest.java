// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.SyscallException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskFilesTest {
    private static Process cat() throws IOException {
        return new ProcessBuilder("cat").start(); // until its input ends
    }

    private static void end(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    private static int tid(Process process) {
        return Math.toIntExact(process.pid());
    }

    @Test
    void theyTellOfTheThreadAsItIsNow() throws Exception {
        Process cat = cat();
        try (var last = new LastTask()) {
            TaskFiles files = last.turnTo(tid(cat));
            assertThat(files.userNamespace()).matches("user:\\[\\d+]");
            assertThat(CallerTask.Status.parse(files.status()).innermostTid()).isEqualTo(tid(cat));
            assertThat(CallerTask.Status.parse(files.status()).innermostTid())
                    .as("the second time")
                    .isEqualTo(tid(cat));
            assertThat(last.turnTo(tid(cat))).as("kept").isSameAs(files);
        } finally {
            end(cat);
        }
    }

    @Test
    void ofAThreadThatIsGoneTheyTellNothing() throws Exception {
        Process cat = cat();
        try (var last = new LastTask()) {
            TaskFiles files = last.turnTo(tid(cat));
            assertThat(files.status()).isNotEmpty();
            end(cat);
            assertThat(files.isAlive()).isFalse();
            assertThatThrownBy(files::status)
                    .isInstanceOf(SyscallException.class)
                    .hasMessageContaining("ESRCH");
            assertThatThrownBy(() -> last.turnTo(tid(cat))).isInstanceOf(SyscallException.class);
        }
    }

    @Test
    void anotherThreadsAreItsOwn() throws Exception {
        Process one = cat();
        Process other = cat();
        try (var last = new LastTask()) {
            last.turnTo(tid(one));
            assertThat(CallerTask.Status.parse(last.turnTo(tid(other)).status()).innermostTid())
                    .isEqualTo(tid(other));
        } finally {
            end(one);
            end(other);
        }
    }

    @Test
    void aNameIsNoLine() {
        String text = """
                Name:\tUmask:\t0000\\nUid:\t0\t0\t0\t0
                Umask:\t0027
                State:\tS (sleeping)
                Uid:\t1\t2\t3\t4
                Gid:\t5\t6\t7\t8
                FDSize:\t64
                Groups:\t9 10\s
                NStgid:\t11\t12
                NSpid:\t13\t14
                CapPrm:\tff
                CapEff:\t0800
                """;
        assertThat(CallerTask.Status.parse(text))
                .isEqualTo(new CallerTask.Status(4, 8, List.of(9, 10), 0027, 0x800, 14));
    }
}
