// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import io.berth.core.linux.Errno;
import io.berth.core.seccomp.Condition.Always;
import java.util.Set;

/** A virtual patch: a system call that no container gets until the host's kernel is mended, whatever its arguments. */
public record Patch(String call) {
    private static final SystemCalls CALLS = SystemCalls.load();

    /**
     * What init and logins call after their filter is on, or no program can do without: with one of these denied, nothing would start,
     * and nobody could log in to see why.
     */
    private static final Set<String> VITAL = Set.of(
            "arch_prctl",
            "brk",
            "capset",
            "chdir",
            "clone",
            "clone3",
            "close",
            "close_range",
            "dup2",
            "dup3",
            "execve",
            "exit",
            "exit_group",
            "fcntl",
            "fcntl64",
            "fork",
            "fstat",
            "futex",
            "getpid",
            "ioctl",
            "mmap",
            "mmap2",
            "mprotect",
            "munmap",
            "newfstatat",
            "open",
            "openat",
            "pipe2",
            "poll",
            "ppoll",
            "prctl",
            "prlimit64",
            "read",
            "readv",
            "rt_sigaction",
            "rt_sigprocmask",
            "rt_sigreturn",
            "sendfile",
            "sendmsg",
            "recvmsg",
            "seccomp",
            "set_tid_address",
            "setgroups",
            "setresgid",
            "setresuid",
            "setsid",
            "statx",
            "umask",
            "unshare",
            "vfork",
            "wait4",
            "waitid",
            "write",
            "writev");

    /** @throws InvalidPatchException when there is no such system call, or no container could live without it */
    public Patch {
        if (CALLS.find(call).isEmpty()) {
            throw new InvalidPatchException(
                    "there is no system call '" + call + "'; use a name as in man 2 syscalls, such as vmsplice");
        }
        if (VITAL.contains(call)) {
            throw new InvalidPatchException(call
                    + " can't be denied to every container: nothing in them would start any more, logins included; stop the"
                    + " containers instead");
        }
    }

    Rule rule() {
        return new Rule(
                call,
                CALLS.find(call).orElseThrow(),
                new Always(),
                Errno.EPERM,
                "denied to every container of this node until its kernel is mended (virtual patch)");
    }
}
