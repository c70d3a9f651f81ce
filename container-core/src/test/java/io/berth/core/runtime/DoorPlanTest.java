// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.Sys;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever comes through the door is confined before it exists. */
class DoorPlanTest {
    private final String text = DoorPlan.compose(
                    plan -> Confinement.filter(plan, Confinement.policy(List.of())),
                    Confinement::dropCapabilities,
                    (plan, label) -> plan.call("take the label", Sys.LSM_SET_SELF_ATTR, label))
            .plan()
            .describe();

    @Test
    void entersOnceAndLosesEverythingBeforeItForks() {
        int entered = text.indexOf("setns(");
        int dropped = text.lastIndexOf("prctl(PR_CAPBSET_DROP");
        int labelled = text.indexOf("take the label");
        int filtered = text.indexOf("seccomp(");
        int hidden = text.lastIndexOf("prctl(PR_SET_DUMPABLE, 0");
        int forked = text.indexOf("clone3(");
        assertThat(entered).isPositive();
        assertThat(text.lastIndexOf("setns("))
                .as("the cgroup namespace, in the child")
                .isGreaterThan(text.indexOf("child:"));
        assertThat(dropped).isGreaterThan(entered);
        assertThat(labelled).isGreaterThan(dropped);
        assertThat(filtered).isGreaterThan(labelled);
        assertThat(hidden).isGreaterThan(filtered);
        assertThat(forked).isGreaterThan(hidden);
    }

    @Test
    void isHiddenBeforeItEnters() {
        assertThat(text.indexOf("prctl(PR_SET_DUMPABLE, 0")).isBetween(0, text.indexOf("setns("));
    }

    @Test
    void childHoldsNothingOfTheHostWhenTheTenantsPathsAreFollowed() {
        int child = text.indexOf("child:");
        assertThat(text.indexOf("let go of the host's cgroup", child))
                .isGreaterThan(child)
                .isLessThan(text.indexOf("continue with the plan"));
    }

    @Test
    void childKeepsNoDescriptorOfTheDoors() {
        int child = text.indexOf("child:");
        assertThat(child).isPositive();
        assertThat(text.indexOf("close_range(100", child))
                .isGreaterThan(child)
                .isLessThan(text.indexOf("continue with the plan"));
    }
}
