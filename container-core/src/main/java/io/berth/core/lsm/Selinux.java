// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.LsmId;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.SyscallException;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.spec.ContainerId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * SELinux: the policy is the distribution's, each container has a pair of MCS categories of its own in it. The label is taken at
 * exec, as policies enter a type that containers run as through a program; with our own policy at once, so that what runs no program in
 * there has it, too. Files are labelled by their mount: categories of a container's own where it has a file system of its own.
 */
public final class Selinux implements SecurityModule {
    private static final Path ENFORCE = Path.of("/sys/fs/selinux/enforce");
    private static final String CHECK = "/sys/fs/selinux/context";

    private final SelinuxType type;

    private Selinux(SelinuxType type) {
        this.type = type;
    }

    static boolean isEnabled() {
        return Files.exists(ENFORCE);
    }

    /** With that type, or else with our own. */
    static SecurityModule detect(SelinuxType type) {
        for (SelinuxType candidate : List.of(type, SelinuxType.BERTH_CONTAINER_T)) {
            if (isKnown(context(candidate, new Mcs(0, 1))) && isKnown(files(candidate))) {
                return new Selinux(candidate);
            }
        }
        return new NoModule(
                "SELinux's policy knows neither " + type.text() + " nor " + SelinuxType.BERTH_CONTAINER_T.text(),
                "load Berth's: semodule -i config/selinux/berth.cil, or your distribution's (container-selinux) and set"
                        + " BERTH_SELINUX_TYPE");
    }

    private static String files(SelinuxType type) {
        return "system_u:object_r:" + type.files() + ":s0";
    }

    private static boolean isKnown(String context) {
        try (Fd check = FileCalls.openat(CHECK, OpenFlag.O_RDWR)) {
            FileCalls.write(check, context.getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (SyscallException e) {
            return false; // EINVAL
        }
    }

    static String context(SelinuxType type, Mcs mcs) {
        return "system_u:system_r:" + type.text() + ":s0:" + mcs;
    }

    @Override
    public String describe() {
        return "SELinux, type " + type.text() + ", a pair of categories a container";
    }

    @Override
    public Label label(ContainerId id, int range) {
        return new Label(LsmId.LSM_ID_SELINUX, type.taken(), context(type, Mcs.of(range)));
    }

    /** A container's policy lets nothing in it change its type or its categories. */
    @Override
    public LabelRule rule(ContainerId id, int range) {
        String context = context(type, Mcs.of(range));
        return new LabelRule(context, context::equals);
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
    public void enter(PlanBuilder plan, Slot label) {
        Label.takeFrom(plan, label, type.taken());
    }

    @Override
    public Optional<String> poolContext() {
        return Optional.of(files(type));
    }

    @Override
    public Optional<String> rootContext(int range) {
        return Optional.of(files(type) + ":" + Mcs.of(range));
    }
}
