// SPDX-License-Identifier: Apache-2.0
package io.berth.core.capability;

import io.berth.core.linux.Prctl;
import io.berth.core.linux.Sys;
import io.berth.core.plan.PlanBuilder;
import java.util.List;

/**
 * What a container's bounding set loses. Nearly all of these do nothing in a user namespace anyway, because the kernel asks for
 * them in the initial one (capable(), kernel/capability.c): dropping them is a second lock, and tells systemd, whose units carry
 * ConditionCapability=, what to leave out.
 *
 * <p>A process that makes a user namespace inside the container has the full bounding set again there (create_user_ns,
 * kernel/user_namespace.c). So this protects nothing from container root that the user namespace wouldn't; seccomp does.
 *
 * <p>Kept on purpose: SYS_BOOT (reboot(2) in a pid namespace ends its init, kernel/reboot.c), AUDIT_WRITE and AUDIT_CONTROL
 * (systemd-nspawn keeps them; sudo, PAM and sshd take the kernel's ECONNREFUSED well, a missing capability less so), IPC_LOCK and
 * SYS_NICE (files carry them as file capabilities, and execve(2) fails with EPERM when the bounding set lacks one),
 * CHECKPOINT_RESTORE (made for namespaces), SYS_RESOURCE, LINUX_IMMUTABLE, MKNOD and LEASE (harmless in a user namespace; packages probe for them).
 */
public final class BoundingSet {
    /** A capability and why no container has it. */
    public record Dropped(Capability capability, String reason) {
        public String describe() {
            return "drop " + capability + ": " + reason;
        }
    }

    /** In the order of the kernel's numbers. */
    public static final List<Dropped> DROPPED = List.of(
            new Dropped(
                    Capability.CAP_SYS_MODULE,
                    "kernel modules are the host's; systemd-modules-load and kmod-static-nodes are skipped without it"),
            new Dropped(
                    Capability.CAP_SYS_RAWIO,
                    "ports and memory of the host; sys-kernel-debug, -tracing and -config.mount are skipped without it"),
            new Dropped(Capability.CAP_SYS_PACCT, "process accounting writes about the whole host"),
            new Dropped(
                    Capability.CAP_SYS_TIME,
                    "the clock is the host's; chrony, ntpsec and systemd-timesyncd are skipped without it, and fail with it"),
            new Dropped(Capability.CAP_MAC_OVERRIDE, "the security module's policy is the host's"),
            new Dropped(
                    Capability.CAP_MAC_ADMIN,
                    "the security module's policy is the host's; kept where a container has a policy namespace of its own"),
            new Dropped(Capability.CAP_SYSLOG, "the kernel's log tells about other tenants"),
            new Dropped(Capability.CAP_WAKE_ALARM, "waking the machine is the host's affair"),
            new Dropped(Capability.CAP_BLOCK_SUSPEND, "keeping the machine awake is the host's affair"),
            new Dropped(
                    Capability.CAP_AUDIT_READ,
                    "the audit log tells about other tenants; systemd-journald-audit.socket is skipped without it"),
            new Dropped(Capability.CAP_PERFMON, "performance counters observe other tenants"),
            new Dropped(Capability.CAP_BPF, "programs in the kernel are the host's affair"));

    private BoundingSet() {}

    public static CapabilitySet dropped() {
        return CapabilitySet.of(DROPPED.stream().map(Dropped::capability).toList());
    }

    /** All of them. */
    public static void drop(PlanBuilder plan) {
        drop(plan, CapabilitySet.NONE);
    }

    /**
     * Adds a step per capability. The process needs CAP_SETPCAP in its user namespace; its permitted set shrinks at the next
     * execve(2) only, so these steps may come early.
     *
     * @param kept what this host has a use for in containers
     */
    public static void drop(PlanBuilder plan, CapabilitySet kept) {
        for (Dropped dropped : DROPPED) {
            if (!kept.contains(dropped.capability)) {
                plan.call("drop " + dropped.capability, Sys.PRCTL, Prctl.PR_CAPBSET_DROP, dropped.capability, 0, 0, 0);
            }
        }
    }

    /** A line per capability. */
    public static String describe() {
        return String.join("\n", DROPPED.stream().map(Dropped::describe).toList());
    }
}
