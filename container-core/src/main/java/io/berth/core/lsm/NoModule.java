// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.spec.ContainerId;
import java.util.List;
import java.util.Optional;

/**
 * A host on which no security module confines containers; user namespace, seccomp and capabilities do it alone.
 *
 * @param reason why not
 * @param cure what the administrator can do
 */
public record NoModule(String reason, String cure) implements SecurityModule {
    static final NoModule NEITHER = new NoModule(
            "the kernel runs neither AppArmor nor SELinux",
            "boot it with lsm=…,apparmor and install the package apparmor");

    @Override
    public String describe() {
        return "none: " + reason;
    }

    @Override
    public Label label(ContainerId id, int range) {
        return Label.NONE;
    }

    @Override
    public LabelRule rule(ContainerId id, int range) {
        return LabelRule.NONE;
    }

    @Override
    public void load(ContainerId id) {}

    @Override
    public void unload(ContainerId id) {}

    @Override
    public void forget(ContainerId id) {}

    @Override
    public List<ContainerId> loaded() {
        return List.of();
    }

    @Override
    public boolean guestsHavePolicy() {
        return false;
    }

    @Override
    public void enter(PlanBuilder plan, Slot label) {}

    @Override
    public Optional<String> poolContext() {
        return Optional.empty();
    }

    @Override
    public Optional<String> rootContext(int range) {
        return Optional.empty();
    }
}
