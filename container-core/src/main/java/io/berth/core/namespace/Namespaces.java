// SPDX-License-Identifier: Apache-2.0
package io.berth.core.namespace;

import io.berth.core.linux.CloneFlag;
import io.berth.core.linux.Flags;

/** Which namespaces a container has of its own: all eight, see namespaces(7). */
public final class Namespaces {
    /**
     * What one setns(2) on a pidfd joins, since Linux 5.8: all but the cgroup namespace. Where cgroup v2 is a delegation boundary
     * (nsdelegate, as systemd mounts it), a process in the container's cgroup namespace but not yet in its cgroup may clone into no
     * cgroup there (ENOENT, cgroup_procs_write_permission, kernel/cgroup/cgroup.c).
     */
    public static final Flags TO_ENTER = Flags.of(
            CloneFlag.CLONE_NEWUSER,
            CloneFlag.CLONE_NEWNS,
            CloneFlag.CLONE_NEWPID,
            CloneFlag.CLONE_NEWNET,
            CloneFlag.CLONE_NEWIPC,
            CloneFlag.CLONE_NEWUTS,
            CloneFlag.CLONE_NEWTIME);

    /** What a process joins once it sits in the container's cgroup. */
    public static final Flags WITHIN_CGROUP = Flags.of(CloneFlag.CLONE_NEWCGROUP);

    /**
     * What init's clone3 makes. User and network namespace exist before; time must be unshared before its first process; the cgroup
     * namespace after the process sits in its cgroup; IPC after it has become root, or its objects belong to nobody.
     */
    public static final Flags OF_INIT = Flags.of(CloneFlag.CLONE_NEWNS, CloneFlag.CLONE_NEWPID, CloneFlag.CLONE_NEWUTS);

    private Namespaces() {}
}
