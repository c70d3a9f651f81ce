// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.Flags;
import io.berth.core.linux.NativeMemory;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.ResolveFlag;
import io.berth.core.linux.Signal;
import io.berth.core.linux.Sys;
import io.berth.core.linux.Syscall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** System calls that have no place of their own elsewhere. */
final class KernelChecks {
    private static final String NEWER = "boot a kernel from 6.13 on, built with it (Debian's are)";
    private static final int NO_FD = 0x3fff_ffff;
    private static final int CLONE_ARGS_SIZE_VER2 = 88; // include/uapi/linux/sched.h

    private KernelChecks() {}

    static List<Finding> all() {
        return List.of(
                Finding.tried("all eight namespaces", namespacesCure(), KernelChecks::namespaces),
                Finding.tried("seccomp filter with user notification", NEWER, SeccompTrial::run),
                Finding.tried("pidfd and pidfd_getfd", NEWER, KernelChecks::pidfd),
                Finding.tried("clone3 into a cgroup", NEWER, KernelChecks::cloneIntoCgroup),
                Finding.tried("close_range", NEWER, KernelChecks::closeRange),
                Finding.tried("openat2", NEWER, KernelChecks::openat2));
    }

    private static String namespacesCure() {
        return "enable them: sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone; a kernel with CONFIG_TIME_NS";
    }

    /** In a child, because a JVM has too many threads for a user namespace. */
    private static String namespaces() throws IOException, InterruptedException {
        Program.run(
                "",
                List.of(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--net",
                        "--uts",
                        "--ipc",
                        "--cgroup",
                        "--time",
                        "true"));
        return "mount, pid, net, uts, ipc, cgroup, time and user unshared together";
    }

    private static String pidfd() {
        try (Fd self = ProcessCalls.pidfdOpen(ProcessCalls.getpid());
                Fd event = FileCalls.eventfd(0);
                Fd copy = ProcessCalls.pidfdGetfd(self, event.number())) {
            return "a descriptor was fetched as " + copy.number();
        }
    }

    /** Asks for a cgroup that is no open file: a kernel that knows the flag says EBADF before it makes a process. */
    private static String cloneIntoCgroup() throws IOException {
        try (var memory = new NativeMemory()) {
            // struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
            // set_tid_size, cgroup
            var args = memory.longs(
                    Flags.bits(CloneFlag.CLONE_INTO_CGROUP), 0, 0, 0, Signal.SIGCHLD.value(), 0, 0, 0, 0, 0, NO_FD);
            long result = Syscall.attempt(Sys.CLONE3, args, CLONE_ARGS_SIZE_VER2);
            if (result != -Errno.EBADF.number()) {
                throw new IOException("clone3(CLONE_INTO_CGROUP): " + Errno.of(-result));
            }
            return "clone3 knows CLONE_INTO_CGROUP";
        }
    }

    private static String closeRange() {
        Syscall.call(Sys.CLOSE_RANGE, NO_FD, NO_FD, 0);
        return "works";
    }

    private static String openat2() {
        try (Fd root = FileCalls.openat("/", OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
                Fd below = FileCalls.openat2(
                        root,
                        "../../proc",
                        0,
                        Flags.of(OpenFlag.O_PATH),
                        ResolveFlag.RESOLVE_IN_ROOT,
                        ResolveFlag.RESOLVE_NO_MAGICLINKS)) {
            return "RESOLVE_IN_ROOT keeps " + below + " inside";
        }
    }

    static String firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
