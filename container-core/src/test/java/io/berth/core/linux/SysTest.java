// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SysTest {
    private static final Path GENERIC = Path.of("/usr/include/asm-generic/unistd.h");
    private static final Path X86_64 = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");

    @Test
    void numbersAreThoseOfTheKernelsHeaders() throws IOException {
        assumeTrue(Files.exists(GENERIC) && Files.exists(X86_64), "needs linux-libc-dev");
        Map<String, Integer> x8664 = numbers(X86_64);
        Map<String, Integer> generic = numbers(GENERIC);
        for (Sys sys : Sys.values()) {
            check(sys, Architecture.X86_64, x8664);
            check(sys, Architecture.AARCH64, generic);
        }
    }

    /** The headers may be older than the table. */
    private static void check(Sys sys, Architecture architecture, Map<String, Integer> header) {
        assertThat(header.getOrDefault(sys.call(), sys.number(architecture)))
                .as("%s on %s", sys, architecture)
                .isEqualTo(sys.number(architecture));
    }

    private static Map<String, Integer> numbers(Path header) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        var define =
                Pattern.compile("#define\\s+__NR(?:3264)?_(\\w+)\\s+(\\d+)").matcher(Files.readString(header));
        while (define.find()) {
            numbers.put(define.group(1), Integer.valueOf(define.group(2)));
        }
        return numbers;
    }

    @Test
    void theHostsNumberIsWhatTheKernelTakes() {
        assertThat(ProcessCalls.getpid())
                .isEqualTo((int) ProcessHandle.current().pid());
        assertThat(Sys.MOUNT_SETATTR.call()).isEqualTo("mount_setattr");
        assertThat(Sys.MOUNT_SETATTR.number()).isEqualTo(442);
    }

    @Test
    void otherArchitecturesAreRefusedByName() {
        assertThat(Architecture.of("arm64")).isEqualTo(Architecture.AARCH64);
        assertThat(Architecture.of("amd64")).isEqualTo(Architecture.X86_64);
        assertThatThrownBy(() -> Architecture.of("riscv64"))
                .hasMessage("Berth runs on x86-64 and aarch64, not on 'riscv64'");
    }

    @Test
    void anErrnoHasNumberNameAndWords() {
        assertThat(Errno.of(2)).isEqualTo(Errno.ENOENT).hasToString("ENOENT (no such file or directory)");
        assertThat(Errno.of(95)).isEqualTo(Errno.EOPNOTSUPP);
        assertThat(Errno.of(4000)).isEqualTo(Errno.EUNKNOWN);
    }

    @Test
    void flagsKnowTheirNames() {
        Flags flags = Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE);
        assertThat(flags)
                .isEqualTo(Flags.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE))
                .hasToString("MS_REC|MS_PRIVATE");
        assertThat(Flags.of()).isEqualTo(Flags.NONE).hasToString("0");
        assertThat(Flags.NONE.with(OpenFlag.O_PATH)).isEqualTo(Flags.of(OpenFlag.O_PATH));
        assertThat(flags.with()).isEqualTo(flags);
        assertThat(Flags.bits(CloneFlag.CLONE_INTO_CGROUP, CloneFlag.CLONE_NEWTIME))
                .isEqualTo(0x200000080L);
    }

    @Test
    void moreThanSixArgumentsAreRefused() {
        assertThatThrownBy(() -> Syscall.call(Sys.GETPID, 1, 2, 3, 4, 5, 6, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("getpid(1, 2, 3, 4, 5, 6, 7) has more than 6 arguments");
        assertThatThrownBy(() -> Syscall.call(Sys.CLOSE, "text")).hasMessageContaining("no argument of a system call");
    }
}
