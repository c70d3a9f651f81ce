// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.Architecture;
import io.berth.core.linux.Errno;
import io.berth.core.linux.ExitStatus;
import io.berth.core.linux.ExitStatus.Exited;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.Sys;
import io.berth.core.plan.Arg.Cell;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.plan.Spawner;
import io.berth.core.plan.Spawner.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real system calls below the real filter. Needs root: without it, the kernel itself would say EPERM to most. */
@Timeout(60)
class SeccompIT {
    private static final int SEGMENTATION_FAULT = 128 + 11;
    private static final long TIOCSTI = 0x5412;
    private static final long TIOCGWINSZ = 0x5413;
    private static Spawner spawner;

    @BeforeAll
    static void load() {
        assertThat(ProcessCalls.getuid())
                .as("seccomp without no_new_privs needs root")
                .isZero();
        spawner = Spawner.load();
    }

    @AfterAll
    static void unload() {
        spawner.close();
    }

    private static PlanBuilder filtered(String name) {
        return SeccompPolicy.container(Architecture.host()).install(Plan.builder(name));
    }

    /** What the call returns below the filter: the result, or the errno's negative. */
    private static long result(Sys call, Object... arguments) {
        PlanBuilder plan = filtered(call.call());
        Cell result = plan.cell("result");
        plan.call("try", call, arguments).ignoreErrors().into(result);
        try (Running running = spawner.start(plan.tell(1, result).end(0).build(), Map.of())) {
            long value = running.report().expect(1);
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
            return value;
        }
    }

    private static Errno errno(Sys call, Object... arguments) {
        return Errno.of(-result(call, arguments));
    }

    @Test
    void callsWithoutConditionAreDenied() {
        for (Sys call : List.of(
                Sys.KEXEC_LOAD,
                Sys.KEXEC_FILE_LOAD,
                Sys.INIT_MODULE,
                Sys.FINIT_MODULE,
                Sys.DELETE_MODULE,
                Sys.OPEN_BY_HANDLE_AT,
                Sys.BPF,
                Sys.PERF_EVENT_OPEN,
                Sys.SYSLOG,
                Sys.SWAPON,
                Sys.SWAPOFF)) {
            assertThat(errno(call, -1, 0, 0, 0, 0)).as(call.call()).isEqualTo(Errno.EPERM);
        }
        for (Sys call : List.of(
                Sys.ADD_KEY,
                Sys.REQUEST_KEY,
                Sys.KEYCTL,
                Sys.IO_URING_SETUP,
                Sys.IO_URING_ENTER,
                Sys.IO_URING_REGISTER,
                Sys.LOOKUP_DCOOKIE)) {
            assertThat(errno(call, -1, 0, 0, 0, 0)).as(call.call()).isEqualTo(Errno.ENOSYS);
        }
    }

    @Test
    void aForcedUnmountIsDeniedAndALazyOneIsNot() {
        assertThat(errno(Sys.UMOUNT2, "/nonexistent", 1)).isEqualTo(Errno.EPERM);
        assertThat(errno(Sys.UMOUNT2, "/nonexistent", 1 | 2)).isEqualTo(Errno.EPERM);
        assertThat(errno(Sys.UMOUNT2, "/nonexistent", 2)).isEqualTo(Errno.ENOENT);
    }

    @Test
    void inputCannotBeInjectedEvenWithAHighBit() { // CVE-2016-7545, CVE-2019-10063
        assertThat(errno(Sys.IOCTL, 0, TIOCSTI, 0)).isEqualTo(Errno.EPERM);
        assertThat(errno(Sys.IOCTL, 0, 1L << 32 | TIOCSTI, 0)).isEqualTo(Errno.EPERM);
        assertThat(errno(Sys.IOCTL, 0, TIOCGWINSZ, 0))
                .as("/dev/null is no terminal")
                .isEqualTo(Errno.ENOTTY);
    }

    @Test
    void sharedSocketFamiliesAreDenied() { // CVE-2026-31431
        assertThat(errno(Sys.SOCKET, 38, 5, 0)).isEqualTo(Errno.EAFNOSUPPORT);
        assertThat(errno(Sys.SOCKET, 40, 1, 0)).isEqualTo(Errno.EAFNOSUPPORT);
        assertThat(result(Sys.SOCKET, 1, 1, 0)).as("AF_UNIX").isPositive();
        assertThat(result(Sys.SOCKET, 2, 1, 0)).as("AF_INET").isPositive();
    }

    @Test
    void userfaultfdIsForUserModeOnly() {
        assertThat(errno(Sys.USERFAULTFD, 0)).isEqualTo(Errno.EPERM);
        assertThat(errno(Sys.USERFAULTFD, 2))
                .as("EINVAL comes from the kernel itself")
                .isEqualTo(Errno.EPERM);
        assertThat(result(Sys.USERFAULTFD, 1)).isPositive();
    }

    @Test
    void whatAContainerNeedsReachesTheKernel() {
        assertThat(errno(Sys.REBOOT, 0, 0, 0, 0)).as("wrong magic").isEqualTo(Errno.EINVAL);
        assertThat(errno(Sys.CLONE3, 0, 0)).isEqualTo(Errno.EINVAL);
        assertThat(result(Sys.GETPID)).isPositive();
        assertThat(result(Sys.UNSHARE, 0)).isZero();
    }

    @Test
    void theFilterIsInherited() {
        PlanBuilder plan = filtered("twice");
        SeccompPolicy.container(Architecture.host()).install(plan);
        Cell result = plan.cell("result");
        plan.call("try", Sys.ADD_KEY, 0, 0, 0, 0, 0).ignoreErrors().into(result);
        plan.tell(1, result).end(0);
        try (Running running = spawner.start(plan.build(), Map.of())) {
            assertThat(running.report().expect(1)).isEqualTo(-Errno.ENOSYS.number());
            assertThat(running.child().waitFor()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void i386HasItsOwnNumbers(@TempDir Path directory) throws IOException {
        assumeTrue(Architecture.host() == Architecture.X86_64, "i386 programs run on x86-64 only");
        int closed = i386(directory, 6, 77, 0);
        assumeTrue(closed != SEGMENTATION_FAULT, "this kernel runs no i386 programs: CONFIG_IA32_EMULATION");
        assertThat(closed).as("close of no descriptor").isEqualTo(Errno.EBADF.number());
        assertThat(i386(directory, 286, 0, 0)).as("add_key").isEqualTo(Errno.ENOSYS.number());
        assertThat(i386(directory, 129, 0, 0)).as("delete_module").isEqualTo(Errno.EPERM.number());
        assertThat(i386(directory, 52, 0, 1)).as("umount2 with MNT_FORCE").isEqualTo(Errno.EPERM.number());
        assertThat(i386(directory, 52, 0, 2)).as("umount2 without").isEqualTo(Errno.EFAULT.number());
        assertThat(i386(directory, 54, 0, (int) TIOCSTI)).as("ioctl TIOCSTI").isEqualTo(Errno.EPERM.number());
        assertThat(i386(directory, 359, 38, 5)).as("socket AF_ALG").isEqualTo(Errno.EAFNOSUPPORT.number());
    }

    @Test
    void x32IsNotThere(@TempDir Path directory) throws IOException {
        assumeTrue(Architecture.host() == Architecture.X86_64, "x32 programs run on x86-64 only");
        assertThat(shellCode(directory, "b8 14 00 00 40 0f 05" + EXIT_WITH_ERRNO))
                .as("x32 writev")
                .isEqualTo(Errno.ENOSYS.number());
    }

    /** neg eax; mov edi, eax; mov eax, 60 (exit); syscall. */
    private static final String EXIT_WITH_ERRNO = " f7 d8 89 c7 b8 3c 00 00 00 0f 05";

    /** mov eax, number; mov ebx, first; mov ecx, second; xor edx, edx; int 0x80. */
    private static int i386(Path directory, int number, int first, int second) throws IOException {
        return shellCode(
                directory,
                "b8 " + hex(number) + " bb " + hex(first) + " b9 " + hex(second) + " 31 d2 cd 80" + EXIT_WITH_ERRNO);
    }

    private static String hex(int value) {
        byte[] bytes = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    /** @return the exit status of these instructions, below the filter */
    private static int shellCode(Path directory, String instructions) throws IOException {
        Path program = Files.createTempFile(directory, "program", "");
        Files.write(program, elf(HexFormat.ofDelimiter(" ").parseHex(instructions)));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        PlanBuilder plan = filtered("machine code").exec(program.toString(), List.of("program"), List.of());
        try (Running running = spawner.start(plan.build(), Map.of())) {
            ExitStatus end = running.child().waitFor();
            return end.shellCode();
        }
    }

    /** The least that Linux executes: an ELF header and one segment. */
    private static byte[] elf(byte[] code) {
        int headers = 64 + 56;
        long base = 0x400000;
        ByteBuffer elf = ByteBuffer.allocate(headers + code.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0x464c457f).putInt(0x00010102).putLong(0); // 64-bit, little endian
        elf.putShort((short) 2).putShort((short) 62).putInt(1); // ET_EXEC, EM_X86_64
        elf.putLong(base + headers).putLong(64).putLong(0).putInt(0);
        elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        elf.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        elf.putInt(1).putInt(5).putLong(0).putLong(base).putLong(base); // PT_LOAD, readable and executable
        elf.putLong(elf.capacity()).putLong(elf.capacity()).putLong(4096);
        return elf.put(code).array();
    }
}
