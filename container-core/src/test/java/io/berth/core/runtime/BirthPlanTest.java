// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.linux.LsmAttribute;
import io.berth.core.linux.LsmId;
import io.berth.core.lsm.Label;
import io.berth.core.lxcfs.View;
import io.berth.core.plan.Plan;
import io.berth.core.process.Monitor;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.ImageId;
import io.berth.core.spec.Limits;
import io.berth.core.spec.NetworkMode;
import io.berth.core.spec.TenantName;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of a birth's steps is what keeps it safe; KERNEL facts are beside the steps in {@link BirthPlan}. */
class BirthPlanTest {
    private final String text = birth().describe();

    @Test
    void readsAsAList() {
        assertThat(text).contains("architect:", "init:", "pivot_root('.', '.')");
        assertThat(text).contains("execve('/sbin/init'");
    }

    @Test
    void rootfsIsStagedBeforeTheUserNamespaceIsEntered() {
        assertOrder("attach the rootfs", "enter the user namespace", "set the clocks back", "clone init");
    }

    @Test
    void ipcComesAfterBecomingRoot() {
        assertOrder("be the container's root:", "unshare IPC");
    }

    @Test
    void everyRestrictionComesBeforeTheWordToExecute() {
        assertOrder("prctl(PR_CAPBSET_DROP", "change the root", "seccomp(", "the word to execute", "execve(");
    }

    /** What needs more than the label allows comes before it, and nothing of the container runs before it is taken. */
    @Test
    void labelIsTakenOnceTheRootStands() {
        assertOrder("mount securityfs", "enter the user namespace", "change the root", "attach /sys/kernel/security");
        assertOrder(
                "attach /sys/kernel/security",
                "take the label: lsm_set_self_attr(LSM_ATTR_CURRENT, {LSM_ID_APPARMOR, 'changeprofile a//&:b:unconfined'}",
                "seccomp(",
                "execve(");
    }

    @Test
    void nothingOfTheHostIsOpenWhenInitIsLookedUp() {
        assertOrder("change the root", "let go of the host", "execve('/sbin/init'");
    }

    @Test
    void monitorDropsEverythingBeforeItWatches() {
        assertOrder("close what came after", "never gain privilege", "be nobody:", "wait for init, console or store");
    }

    @Test
    void hostNameIsTheContainersName() {
        assertThat(text).contains("sethostname('box', 3)");
    }

    private void assertOrder(String... steps) {
        int last = -1;
        for (String step : steps) {
            int at = text.indexOf(step, last + 1);
            assertThat(at).as("'%s' after position %d of%n%s", step, last, text).isGreaterThan(last);
            last = at;
        }
    }

    private static Plan birth() {
        ContainerSpec spec = new ContainerSpec(
                new ContainerName("box"),
                new TenantName("acme"),
                new ImageId("sha256:" + "0".repeat(64)),
                Limits.DEFAULT,
                NetworkMode.NAT);
        return new BirthPlan(new BirthPlan.Inputs(
                        spec,
                        "/run/staging",
                        65_533,
                        new BirthPlan.Clocks(Duration.ofSeconds(10), Duration.ofSeconds(12)),
                        plan -> Monitor.keepListener(plan, Confinement.filter(plan, Confinement.policy(List.of()))),
                        Confinement::dropCapabilities,
                        new Label(
                                LsmId.LSM_ID_APPARMOR,
                                LsmAttribute.LSM_ATTR_CURRENT,
                                "changeprofile a//&:b:unconfined"),
                        true,
                        EnumSet.allOf(View.class),
                        List.of("container=lxc")))
                .compose();
    }
}
