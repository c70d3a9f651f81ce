// SPDX-License-Identifier: Apache-2.0
package io.berth.core.seccomp;

import static io.berth.core.linux.Errno.EAFNOSUPPORT;
import static io.berth.core.linux.Errno.ENOSYS;
import static io.berth.core.linux.Errno.ENOTTY;
import static io.berth.core.linux.Errno.EPERM;
import static io.berth.core.seccomp.Numbers.NONE;
import static io.berth.core.seccomp.Numbers.everywhere;

import io.berth.core.linux.Errno;
import io.berth.core.seccomp.Condition.Always;
import io.berth.core.seccomp.Condition.ArgumentHas;
import io.berth.core.seccomp.Condition.ArgumentIs;
import io.berth.core.seccomp.Condition.ArgumentLacks;
import io.berth.core.seccomp.Condition.Named;
import java.util.List;

/**
 * What containers don't get. The user namespace already refuses most of it; the list keeps a hole in one of those checks, and
 * whatever depends on a sysctl of the host, from mattering.
 *
 * <p>Not on the list, on purpose:
 * <ul>
 *   <li>reboot: in a pid namespace it ends that namespace's init and does nothing else (reboot_pid_ns, kernel/pid_namespace.c);
 *   <li>mount and the new mount API, setns, unshare, clone, clone3: a system container has containers of its own. A filter could not
 *       see clone3's flags anyway, which are in memory;
 *   <li>name_to_handle_at, fanotify_init, ptrace, quotactl, adjtimex, modify_ldt: systemd and others need what the kernel leaves of
 *       them in a user namespace;
 *   <li>i386's socketcall, whose arguments are in memory too: Debian's i386 libc makes every socket by it, so the socket rule holds for
 *       64-bit programs only, and the host does well not to load af_alg and vsock.
 * </ul>
 */
final class DenyList {
    private static final Always ALWAYS = new Always();
    private static final int TIOCSTI = 0x5412; // include/uapi/asm-generic/ioctls.h
    private static final int TIOCLINUX = 0x541C;
    private static final int TIOCSETD = 0x5423;
    private static final int BTRFS_IOC_SNAP_CREATE = 0x50009401; // include/uapi/linux/btrfs.h
    private static final int BTRFS_IOC_SUBVOL_CREATE = 0x5000940E;
    private static final int BTRFS_IOC_SNAP_CREATE_V2 = 0x50009417;
    private static final int BTRFS_IOC_SUBVOL_CREATE_V2 = 0x50009418;
    private static final int BTRFS_IOC_SUBVOL_SETFLAGS = 0x4008941A;
    private static final int AF_ALG = 38; // include/linux/socket.h
    private static final int AF_VSOCK = 40;
    private static final int MNT_FORCE = 1; // include/linux/fs.h
    private static final int UFFD_USER_MODE_ONLY = 1; // include/uapi/linux/userfaultfd.h

    private static final String KEYRING = "keyrings hold the host's secrets and have a long record of privilege"
            + " escalations; runc, crun and systemd do without on ENOSYS";
    private static final String MODULES = "the kernel is the host's";
    private static final String URING =
            "does its work past this filter and past the guest's own, and most exploited of all"
                    + " interfaces; programs fall back, as RHEL switches it off";
    private static final String OBSOLETE = "gone from the kernel, or without a user for decades";

    private DenyList() {}

    static List<Rule> rules() {
        return List.of(
                deny("kexec_load", new Numbers(246, 283, 104), EPERM, "the kernel is the host's"),
                deny("kexec_file_load", new Numbers(320, NONE, 294), EPERM, "the kernel is the host's"),
                deny("init_module", new Numbers(175, 128, 105), EPERM, MODULES),
                deny("finit_module", new Numbers(313, 350, 273), EPERM, MODULES),
                deny("delete_module", new Numbers(176, 129, 106), EPERM, MODULES),
                deny(
                        "open_by_handle_at",
                        new Numbers(304, 342, 265),
                        EPERM,
                        "opens any file of a filesystem by number, whatever the mount shows (\"shocker\", CVE-2014-3519)"),
                new Rule(
                        "umount2",
                        new Numbers(166, 52, 39),
                        new ArgumentHas(1, new Named("MNT_FORCE", MNT_FORCE)),
                        EPERM,
                        "aborts requests of everybody who shares the filesystem; LXC and Incus refuse it too"),
                silently("add_key", new Numbers(248, 286, 217), ENOSYS, KEYRING),
                silently(
                        "request_key",
                        new Numbers(249, 287, 218),
                        ENOSYS,
                        "may run /sbin/request-key as the host's root, in the host's namespaces"),
                silently("keyctl", new Numbers(250, 288, 219), ENOSYS, KEYRING),
                deny(
                        "bpf",
                        new Numbers(321, 357, 280),
                        EPERM,
                        "the verifier's bugs are the kernel's; what kernel.unprivileged_bpf_disabled answers, so systemd, runc"
                                + " and crun know it"),
                deny(
                        "perf_event_open",
                        new Numbers(298, 336, 241),
                        EPERM,
                        "counters are a side channel to other tenants; what kernel.perf_event_paranoid=3 answers"),
                new Rule(
                        "userfaultfd",
                        new Numbers(323, 374, 282),
                        new ArgumentLacks(0, new Named("UFFD_USER_MODE_ONLY", UFFD_USER_MODE_ONLY)),
                        EPERM,
                        "halts the kernel at a place of the caller's choice; what vm.unprivileged_userfaultfd=0 answers"),
                deny("io_uring_setup", everywhere(425), ENOSYS, URING),
                deny("io_uring_enter", everywhere(426), ENOSYS, URING),
                deny("io_uring_register", everywhere(427), ENOSYS, URING),
                deny(
                        "syslog",
                        new Numbers(103, 103, 116),
                        EPERM,
                        "the kernel's log tells about other tenants; what kernel.dmesg_restrict=1 answers"),
                deny("swapon", new Numbers(167, 87, 224), EPERM, "swap is the host's"),
                deny("swapoff", new Numbers(168, 115, 225), EPERM, "swap is the host's"),
                deny("acct", new Numbers(163, 51, 89), EPERM, "process accounting writes about the whole host"),
                deny("iopl", new Numbers(172, 110, NONE), EPERM, "ports are the host's"),
                deny("ioperm", new Numbers(173, 101, NONE), EPERM, "ports are the host's"),
                new Rule(
                        "ioctl",
                        new Numbers(16, 54, 29),
                        new ArgumentIs(
                                1,
                                List.of(
                                        new Named("TIOCSTI", TIOCSTI),
                                        new Named("TIOCLINUX", TIOCLINUX),
                                        new Named("TIOCSETD", TIOCSETD))),
                        EPERM,
                        "types into somebody else's terminal (CVE-2016-7545's class), or loads a line discipline"
                                + " (CVE-2017-2636's class)"),
                new Rule(
                        "ioctl",
                        new Numbers(16, 54, 29),
                        new ArgumentIs(
                                1,
                                List.of(
                                        new Named("BTRFS_IOC_SNAP_CREATE", BTRFS_IOC_SNAP_CREATE),
                                        new Named("BTRFS_IOC_SUBVOL_CREATE", BTRFS_IOC_SUBVOL_CREATE),
                                        new Named("BTRFS_IOC_SNAP_CREATE_V2", BTRFS_IOC_SNAP_CREATE_V2),
                                        new Named("BTRFS_IOC_SUBVOL_CREATE_V2", BTRFS_IOC_SUBVOL_CREATE_V2))),
                        ENOTTY,
                        Rule.Answer.SILENT,
                        "a subvolume can be born outside of the disk's limit (BTRFS_SUBVOL_QGROUP_INHERIT, in memory), and is missing in"
                                + " a snapshot; systemd makes a directory instead, as on any other filesystem"),
                new Rule(
                        "ioctl",
                        new Numbers(16, 54, 29),
                        new ArgumentIs(1, List.of(new Named("BTRFS_IOC_SUBVOL_SETFLAGS", BTRFS_IOC_SUBVOL_SETFLAGS))),
                        EPERM,
                        "a container's own tree that is read-only can be neither renamed nor restored, so neither deleted"),
                new Rule(
                        "socket",
                        new Numbers(41, 359, 198),
                        new ArgumentIs(0, List.of(new Named("AF_ALG", AF_ALG), new Named("AF_VSOCK", AF_VSOCK))),
                        EAFNOSUPPORT,
                        "AF_ALG wrote to the page cache of other tenants' files (CVE-2026-31431); AF_VSOCK leads to the hypervisor, past"
                                + " every network namespace"),
                deny("_sysctl", new Numbers(156, 149, NONE), ENOSYS, OBSOLETE),
                deny("nfsservctl", new Numbers(180, 169, 42), ENOSYS, OBSOLETE),
                deny("lookup_dcookie", new Numbers(212, 253, 18), ENOSYS, OBSOLETE),
                deny("uselib", new Numbers(134, 86, NONE), ENOSYS, OBSOLETE),
                deny("create_module", new Numbers(174, 127, NONE), ENOSYS, OBSOLETE),
                deny("get_kernel_syms", new Numbers(177, 130, NONE), ENOSYS, OBSOLETE),
                deny("query_module", new Numbers(178, 167, NONE), ENOSYS, OBSOLETE),
                deny("ustat", new Numbers(136, 62, NONE), ENOSYS, OBSOLETE),
                deny("sysfs", new Numbers(139, 135, NONE), ENOSYS, OBSOLETE),
                deny("vserver", new Numbers(236, 273, NONE), ENOSYS, OBSOLETE),
                deny("vm86old", new Numbers(NONE, 113, NONE), ENOSYS, OBSOLETE),
                deny("vm86", new Numbers(NONE, 166, NONE), ENOSYS, OBSOLETE));
    }

    /** systemd asks for a keyring for each service that it starts, PAM for each login. */
    private static Rule silently(String call, Numbers numbers, Errno errno, String reason) {
        return new Rule(call, numbers, ALWAYS, errno, Rule.Answer.SILENT, reason);
    }

    private static Rule deny(String call, Numbers numbers, Errno errno, String reason) {
        return new Rule(call, numbers, ALWAYS, errno, reason);
    }
}
