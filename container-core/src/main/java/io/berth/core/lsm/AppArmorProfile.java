// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.spec.ContainerId;
import io.berth.core.spec.InvalidSpecException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One container's profile, generated. Of the container it holds the id alone. What a user namespace, seccomp and the capabilities
 * forbid already is mostly allowed here; the profile forbids again what would hurt most if one of those failed, and keeps
 * containers apart from each other.
 *
 * <p>The profile is stacked with a policy namespace of the container's own, in which its root may load whatever it likes:
 * a process is bound by both. See apparmor.d(5), apparmor_parser(8).
 *
 * @param name of the profile
 * @param namespace the container's own; Debian's and Ubuntu's apparmor.service loads a guest's policy only where its name begins
 *     with lxc- or lxd- (rc.apparmor.functions, is_container_with_internal_policy)
 */
record AppArmorProfile(String name, String namespace) {
    /**
     * A line of the profile.
     *
     * @param rule in apparmor.d(5)'s words; NAME and NAMESPACE stand for this container's
     * @param reason why it is there
     */
    record Rule(String rule, String reason) {}

    static final List<Rule> RULES = List.of(
            new Rule("capability,", "they count in the container's user namespace only; the bounding set shrinks them"),
            new Rule("network,", "the container has a network namespace of its own"),
            new Rule("unix,", "sockets in the file system are files, abstract ones belong to the network namespace"),
            new Rule("dbus,", "the buses that can be reached are the container's"),
            new Rule("mount,", "a mount namespace of its own; a user namespace mounts what the kernel deems safe"),
            new Rule("umount,", "mounts that matter are locked, see mount_namespaces(7)"),
            new Rule("pivot_root,", "containers in the container"),
            new Rule("/{,**} rwlkmix,", "the root file system is its own; programs keep the profile"),
            new Rule("signal (send, receive) peer=NAME,", "among the container's processes, and to no other's"),
            new Rule("signal (receive) peer=unconfined,", "the agent stops the container"),
            new Rule("signal (receive) peer=berth-agent,", "where the agent has a profile itself"),
            new Rule("ptrace (read, trace, readby, tracedby) peer=NAME,", "debuggers and ps, within"),
            new Rule("ptrace (readby) peer=unconfined,", "the host's ps, and setns(2) of a login"),
            new Rule(
                    "ptrace (readby, tracedby) peer=berth-agent,",
                    "the same, where the agent has a profile itself; it fetches descriptors and reads arguments"),
            new Rule("change_profile -> \":NAMESPACE:*\",", "the container's own policy"),
            new Rule("change_profile -> \":NAMESPACE://*\",", "the same, in namespaces below its own"),
            new Rule("deny mount fstype=bpf,", "pinned programs and maps are the host kernel's affair"),
            new Rule(
                    "deny mount fstype={debugfs,tracefs,configfs,efivarfs,pstore,securityfs,selinuxfs,smackfs},",
                    "they show or change the host"),
            new Rule(
                    "deny /proc/{sysrq-trigger,kcore,kmem,mem,kpagecount,kpageflags,kpagecgroup} rwklx,",
                    "the host's memory and keys"),
            new Rule("deny /proc/{acpi,bus,scsi,irq,fs,driver,tty}/** wklx,", "the host's hardware"),
            new Rule("deny /proc/sys/{vm,dev,debug,abi}/** wklx,", "not namespaced: for the whole machine"),
            new Rule(
                    "deny /proc/sys/fs/{file-max,nr_open,suid_dumpable,protected_*,pipe-*,aio-*,inotify/**} wklx,",
                    "for the whole machine"),
            new Rule(
                    "deny /proc/sys/kernel/{core_*,modprobe,hotplug,poweroff_cmd,usermodehelper/**,kexec_*,modules_disabled} wklx,",
                    "the host's root would run or load what is named there"),
            new Rule(
                    "deny /proc/sys/kernel/{panic*,sysrq,printk*,perf_*,*_restrict,unprivileged_*,randomize_*,yama/**,sched_*,keys/**} wklx,",
                    "for the whole machine"),
            new Rule(
                    "deny /sys/{block,bus,class,dev,devices,firmware,hypervisor,module,power}/** wklx,",
                    "the host's devices and modules"),
            new Rule(
                    "deny /sys/kernel/{boot_params,debug,tracing,config,mm,iommu_groups,slab,irq,kexec_*}/** rwklx,",
                    "the host's kernel"),
            new Rule(
                    "deny /sys/fs/{bpf,btrfs,ext4,f2fs,pstore,selinux,smackfs,xfs}/** wklx,",
                    "the host's file systems"));

    private static final Set<String> MODES = Set.of("(enforce)", "(mixed)");
    private static final String PREFIX = "berth-";
    private static final String NAMESPACE_PREFIX = "lxc-";

    static AppArmorProfile of(String instance, ContainerId id) {
        String name = PREFIX + instance + "-" + id;
        return new AppArmorProfile(name, NAMESPACE_PREFIX + name);
    }

    /** Whose profile has that name, if it is one of this instance's. */
    static Optional<ContainerId> container(String instance, String name) {
        String prefix = PREFIX + instance + "-";
        try {
            return name.startsWith(prefix)
                    ? Optional.of(ContainerId.of(name.substring(prefix.length())))
                    : Optional.empty();
        } catch (InvalidSpecException e) {
            return Optional.empty(); // such as berth-agent's
        }
    }

    /** The label of the container's processes, before they load policy of their own: both bind. */
    String label() {
        return name + "//&:" + namespace + ":unconfined";
    }

    /**
     * Whether a process with that label is bound by this profile, and beside it by nothing but policy of the container's own: its init may
     * have been confined further by what the guest loaded. A mode stands behind the label: {@code (enforce)}, or {@code (mixed)} where the
     * guest's own differs; see label_modename(), security/apparmor/label.c.
     */
    boolean binds(String label) {
        int mode = label.lastIndexOf(" (");
        if (mode < 0 || !MODES.contains(label.substring(mode + 1))) {
            return false;
        }
        List<String> stacked = List.of(label.substring(0, mode).split("//&", -1));
        return stacked.contains(name) && stacked.stream().allMatch(one -> one.equals(name) || isOwn(one));
    }

    /** {@code :NAMESPACE:profile}, or in a namespace below it {@code :NAMESPACE//below:profile}. */
    private boolean isOwn(String profile) {
        return profile.startsWith(":" + namespace + ":") || profile.startsWith(":" + namespace + "//");
    }

    /**
     * The profile as apparmor_parser reads it. attach_disconnected: a path that leads out of the container's mounts counts as one below
     * its root; mediate_deleted: so does a file that has been removed.
     */
    String text() {
        String rules = RULES.stream()
                .map(rule -> "  # " + rule.reason + "\n  "
                        + rule.rule.replace("NAMESPACE", namespace).replace("NAME", name) + "\n")
                .collect(Collectors.joining());
        return "profile " + name + " flags=(attach_disconnected, mediate_deleted) {\n" + rules + "}\n";
    }
}
