// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Flags;
import io.berth.core.linux.MountFlag;
import io.berth.core.linux.Sys;
import io.berth.core.plan.PlanBuilder;
import java.util.List;

/**
 * What of /proc and /sys a container's processes don't get to see or write. The user namespace refuses nearly all of it already,
 * as the host's root owns it: these are a second lock, and the only one for what the kernel shows to everybody.
 *
 * <p>They bind services and users, not container root, who may unmount them or mount a fresh procfs: that has to stay possible, or
 * no container could have containers of its own. RATIONALE.md says more.
 *
 * <p>Not on the list, on purpose:
 * <ul>
 *   <li>/proc/sys: what of it is the container's own (net, its IPC, its UTS) has to be writable; the rest belongs to the host's root;
 *   <li>/proc/stat, meminfo, loadavg, uptime, diskstats, pressure: programs fail without them; they are to show the container's;
 *   <li>/proc/kmsg, kpagecount, slabinfo, vmallocinfo, iomem: mode 0400 or zeros for all but the host's root, and syslog daemons spin
 *       on a kmsg that is empty;
 *   <li>/sys/kernel/debug, tracing, security, /sys/fs/pstore, bpf: empty here, and nothing in a user namespace can mount what they are for.
 * </ul>
 */
public final class MaskedPaths {
    /** How a path is kept away. */
    public enum Kind {
        /** A file that reads as empty. */
        EMPTY_FILE,
        /** A directory without entries. */
        EMPTY_DIRECTORY,
        /** As it is, but nothing can be opened for writing. */
        READ_ONLY
    }

    /** A path, absolute, and why; one that this kernel lacks is passed over. */
    public record Masked(String path, Kind kind, String reason) {
        public String describe() {
            return path + ": " + kind + ": " + reason;
        }
    }

    /** Nobody but container root comes by; a fresh procfs or sysfs in a nested user namespace needs an uncovered one in sight. */
    static final String UNCOVERED = ".berth";

    static final String EMPTY = UNCOVERED + "/empty";

    public static final List<Masked> MASKED = List.of(
            file("/proc/interrupts", "counts each packet and keystroke of everybody (Docker masks it since 28.2)"),
            file("/proc/kallsyms", "with kernel.perf_event_paranoid=1 the host shows the kernel's addresses to all"),
            file("/proc/kcore", "all of the host's memory"),
            file("/proc/keys", "names keys of others"),
            file("/proc/latency_stats", "where processes of others wait in the kernel"),
            file("/proc/sched_debug", "lists all processes of the host, below Linux 5.13"),
            file("/proc/timer_list", "lists timers and their processes, of the whole host"),
            directory("/proc/acpi", "switched the host's radios off (CVE-2018-10892)"),
            directory("/proc/asound", "tells when the host's microphone listens"),
            directory("/proc/scsi", "its file scsi took disks away from the host (CVE-2017-16539)"),
            readOnly("/proc/bus", "configuration space of the host's PCI devices"),
            readOnly("/proc/fs", "acts on filesystems that others use, too"),
            readOnly("/proc/irq", "says which CPU serves which device"),
            readOnly("/proc/sysrq-trigger", "reboots the host, kills all its processes, prints its memory"),
            directory("/sys/firmware", "serial numbers, tables and EFI variables; writing those bricks machines"),
            directory("/sys/kernel/boot_params", "physical addresses of the kernel's boot"),
            file("/sys/kernel/notes", "told the kernel's load address (CVE-2024-26816)"),
            file("/sys/kernel/vmcoreinfo", "a physical address of the kernel's"),
            directory("/sys/devices/virtual/powercap", "energy counters give keys away (CVE-2020-8694)"),
            directory("/sys/devices/virtual/thermal", "temperatures are a channel between tenants"));

    private MaskedPaths() {}

    private static Masked file(String path, String reason) {
        return new Masked(path, Kind.EMPTY_FILE, reason);
    }

    private static Masked directory(String path, String reason) {
        return new Masked(path, Kind.EMPTY_DIRECTORY, reason);
    }

    private static Masked readOnly(String path, String reason) {
        return new Masked(path, Kind.READ_ONLY, reason);
    }

    /** The steps, for the container's init in its own root, whose /proc, /sys and /dev are ours and hold no link of the tenant's. */
    static void apply(PlanBuilder plan) {
        bind(plan, "keep an uncovered /proc", "/proc", "/dev/" + UNCOVERED + "/proc");
        bind(plan, "keep an uncovered /sys", "/sys", "/dev/" + UNCOVERED + "/sys");
        Flags nothing = Flags.of(MountFlag.MS_RDONLY, MountFlag.MS_NOSUID, MountFlag.MS_NODEV, MountFlag.MS_NOEXEC);
        plan.call("mount an empty directory", Sys.MOUNT, "mask", "/dev/" + EMPTY, "tmpfs", nothing, "size=4k,mode=555");
        MASKED.forEach(masked -> apply(plan, masked));
    }

    private static void apply(PlanBuilder plan, Masked masked) {
        String what = "mask " + masked.path;
        switch (masked.kind) {
            case EMPTY_FILE -> bind(plan, what, "/dev/null", masked.path);
            case EMPTY_DIRECTORY -> bind(plan, what, "/dev/" + EMPTY, masked.path);
            case READ_ONLY -> {
                bind(plan, what, masked.path, masked.path);
                // names all flags that the mount is to have; what procfs itself lacks can't be forgotten then
                Flags flags = Flags.of(
                        MountFlag.MS_REMOUNT,
                        MountFlag.MS_BIND,
                        MountFlag.MS_RDONLY,
                        MountFlag.MS_NOSUID,
                        MountFlag.MS_NODEV,
                        MountFlag.MS_NOEXEC);
                plan.call(what + " for writing", Sys.MOUNT, 0, masked.path, 0, flags, 0)
                        .tolerate(Errno.ENOENT);
            }
        }
    }

    private static void bind(PlanBuilder plan, String what, String source, String target) {
        plan.call(what, Sys.MOUNT, source, target, 0, Flags.of(MountFlag.MS_BIND), 0)
                .tolerate(Errno.ENOENT); // not every kernel has them all
    }

    /** A line per path. */
    public static String describe() {
        return String.join("\n", MASKED.stream().map(Masked::describe).toList());
    }
}
