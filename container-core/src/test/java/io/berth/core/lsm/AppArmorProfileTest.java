// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.spec.ContainerId;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppArmorProfileTest {
    private static final ContainerId ID = ContainerId.of("0b9f3a52-7f0c-4c39-9a55-2f5f0b7f4b11");
    private final AppArmorProfile profile = AppArmorProfile.of("berth", ID);

    @Test
    void ofTheContainerItHoldsTheIdAlone() {
        assertThat(profile.name()).isEqualTo("berth-berth-" + ID);
        assertThat(profile.text())
                .startsWith("profile berth-berth-" + ID + " flags=(attach_disconnected, mediate_deleted) {\n")
                .endsWith("}\n")
                .doesNotContain("NAME");
    }

    /** Debian's apparmor.service loads a guest's policy only in namespaces with such names. */
    @Test
    void namespaceIsOneThatDistributionsKnowContainersBy() {
        assertThat(profile.namespace()).startsWith("lxc-");
        assertThat(profile.label()).isEqualTo(profile.name() + "//&:" + profile.namespace() + ":unconfined");
    }

    @Test
    void itBindsWhoeverBearsItEnforcedAndNobodysPolicyButTheContainersBesideIt() {
        String own = profile.name();
        String guests = "//&:" + profile.namespace();
        assertThat(List.of(
                        profile.label() + " (enforce)",
                        own + " (enforce)",
                        guests.substring(3) + ":inner//&" + own + " (enforce)",
                        own + guests + ":inner (mixed)",
                        own + guests + "//below:inner (enforce)"))
                .allMatch(profile::binds);
        assertThat(List.of(
                        "",
                        "unconfined",
                        own,
                        profile.label() + " (complain)",
                        profile.label() + " (unconfined)",
                        own + "x (enforce)",
                        guests.substring(3) + ":unconfined (enforce)",
                        own + "//&:lxc-other:unconfined (enforce)",
                        own + guests + "x:unconfined (enforce)",
                        own + "//&berth-berth-other (enforce)"))
                .noneMatch(profile::binds);
    }

    @Test
    void everyRuleHasItsReasonAboveIt() {
        for (AppArmorProfile.Rule rule : AppArmorProfile.RULES) {
            assertThat(rule.reason()).isNotBlank();
            assertThat(rule.rule()).endsWith(",");
            assertThat(profile.text()).contains("  # " + rule.reason() + "\n  ");
        }
    }

    @Test
    void containersReachTheirOwnProcessesOnly() {
        assertThat(profile.text())
                .contains("signal (send, receive) peer=" + profile.name() + ",")
                .contains("ptrace (read, trace, readby, tracedby) peer=" + profile.name() + ",")
                .doesNotContain("signal,")
                .doesNotContain("ptrace,");
    }

    @Test
    void profilesOfThisInstanceAreKnownAgain() {
        assertThat(AppArmorProfile.container("berth", profile.name())).contains(ID);
        assertThat(AppArmorProfile.container("other", profile.name())).isEmpty();
        assertThat(AppArmorProfile.container("berth", "berth-agent")).isEmpty();
        assertThat(AppArmorProfile.container("berth", "berth-berth-x")).isEmpty();
    }
}
