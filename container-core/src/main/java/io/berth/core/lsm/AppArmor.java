// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import io.berth.core.linux.LsmAttribute;
import io.berth.core.linux.LsmId;
import io.berth.core.plan.Arg.Slot;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** AppArmor: a profile and a policy namespace per container. */
public final class AppArmor implements SecurityModule {
    private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");

    private final String instance;
    private final AppArmorPolicy policy;
    private final CompiledProfiles compiled;

    private AppArmor(String instance, AppArmorPolicy policy, CompiledProfiles compiled) {
        this.instance = instance;
        this.policy = policy;
        this.compiled = compiled;
    }

    static boolean isEnabled() {
        try {
            return Files.readString(ENABLED).startsWith("Y");
        } catch (IOException _) {
            return false; // built without it
        }
    }

    static SecurityModule detect(String instance, Path state) {
        Optional<Parser> parser = Parser.find();
        if (parser.isEmpty()) {
            return new NoModule(
                    "AppArmor is on, but there is no apparmor_parser",
                    "apt-get install apparmor, then start the agent anew");
        }
        AppArmorPolicy policy = new AppArmorPolicy();
        if (!policy.canStack()) {
            return new NoModule(
                    "this kernel's AppArmor has no policy namespaces",
                    "boot a kernel from 6.13 on, built with it (Debian's are)");
        }
        return new AppArmor(instance, policy, new CompiledProfiles(state.resolve("apparmor"), parser.get()));
    }

    private AppArmorProfile profile(ContainerId id) {
        return AppArmorProfile.of(instance, id);
    }

    @Override
    public String describe() {
        return "AppArmor, a profile and a policy namespace a container";
    }

    @Override
    public Label label(ContainerId id, int range) {
        return new Label(
                LsmId.LSM_ID_APPARMOR,
                LsmAttribute.LSM_ATTR_CURRENT,
                "changeprofile " + profile(id).label());
    }

    @Override
    public LabelRule rule(ContainerId id, int range) {
        AppArmorProfile profile = profile(id);
        return new LabelRule(profile.label() + " (enforce)", profile::binds);
    }

    @Override
    public void load(ContainerId id) {
        AppArmorProfile profile = profile(id);
        policy.replace(compiled.get(id, profile));
        policy.makeNamespace(profile.namespace());
    }

    @Override
    public void unload(ContainerId id) {
        policy.removeNamespace(profile(id).namespace());
        policy.remove(profile(id).name());
    }

    @Override
    public void forget(ContainerId id) {
        unload(id);
        compiled.remove(id);
    }

    @Override
    public List<ContainerId> loaded() {
        return policy.profiles().stream()
                .flatMap(name -> AppArmorProfile.container(instance, name).stream())
                .toList();
    }

    @Override
    public boolean guestsHavePolicy() {
        return true;
    }

    /** At once and not at exec: what the process reads of the container before, it reads confined. */
    @Override
    public void enter(PlanBuilder plan, Slot label) {
        Label.takeFrom(plan, label, LsmAttribute.LSM_ATTR_CURRENT);
    }

    @Override
    public Optional<String> poolContext() {
        return Optional.empty();
    }

    @Override
    public Optional<String> rootContext(int range) {
        return Optional.empty();
    }
}
