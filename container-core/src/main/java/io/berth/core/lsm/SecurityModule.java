// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.spec.ContainerId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The security module that confines containers on this host. */
public sealed interface SecurityModule permits AppArmor, Selinux, NoModule {
    /**
     * Looks; changes nothing.
     *
     * @param instance is in the names of all that is loaded, so that two instances of Berth keep to their own
     * @param state where compiled policy is kept; made when needed
     * @param selinuxType of containers' processes
     */
    static SecurityModule detect(String instance, Path state, SelinuxType selinuxType) {
        if (AppArmor.isEnabled()) {
            return AppArmor.detect(instance, state);
        }
        return Selinux.isEnabled() ? Selinux.detect(selinuxType) : NoModule.NEITHER;
    }

    /** What is there, or why nothing is. */
    String describe();

    /**
     * The label of one container's processes.
     *
     * @param range the container's place in the uid ledger: no two containers have the same
     */
    Label label(ContainerId id, int range);

    /**
     * What the kernel says of a process that has taken that label.
     *
     * @param range as in {@link #label}
     */
    LabelRule rule(ContainerId id, int range);

    /** Brings a container's policy into the kernel, before its init takes the label. May be repeated. */
    void load(ContainerId id);

    /** After the end of a container's last process: takes out of the kernel what was loaded for it, and what it loaded itself. */
    void unload(ContainerId id);

    /** After a container's deletion: nothing of it stays on disk either. */
    void forget(ContainerId id);

    /** The containers that have policy in the kernel. */
    List<ContainerId> loaded();

    /** Whether containers load policy of their own, which takes CAP_MAC_ADMIN in their user namespace. */
    boolean guestsHavePolicy();

    /**
     * Steps by which a process that has just entered a container takes its label; the same for every container.
     *
     * @param label descriptor of {@link Label#toMemfd()}
     */
    void enter(PlanBuilder plan, Slot label);

    /** What a file system that is the pool's alone is mounted with as context=, where files have labels. */
    Optional<String> poolContext();

    /**
     * The same for a file system that is one container's.
     *
     * @param range as in {@link #label}
     */
    Optional<String> rootContext(int range);
}
