// SPDX-License-Identifier: Apache-2.0
package io.berth.core.capability;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import org.junit.jupiter.api.Test;

class BoundingSetTest {
    @Test
    void numbersAreTheKernels() {
        assertThat(Capability.CAP_CHOWN.number()).isZero();
        assertThat(Capability.CAP_SYS_MODULE.number()).isEqualTo(16);
        assertThat(Capability.CAP_SYS_ADMIN.number()).isEqualTo(21);
        assertThat(Capability.CAP_SYSLOG.number()).isEqualTo(34);
        assertThat(Capability.CAP_BPF.number()).isEqualTo(39);
        assertThat(Capability.CAP_CHECKPOINT_RESTORE.number()).isEqualTo(40);
        assertThat(Capability.values()).hasSize(41);
    }

    @Test
    void everyDroppedCapabilityIsOneReadableStep() {
        PlanBuilder plan = Plan.builder("p");
        BoundingSet.drop(plan);
        String text = plan.end(0).build().describe();
        for (BoundingSet.Dropped dropped : BoundingSet.DROPPED) {
            assertThat(text)
                    .contains("drop %1$s: prctl(PR_CAPBSET_DROP, %1$s, 0, 0, 0)".formatted(dropped.capability()));
            assertThat(dropped.reason()).isNotBlank();
            assertThat(BoundingSet.describe()).contains(dropped.describe());
        }
    }

    @Test
    void whatASystemContainerLivesByIsKept() {
        assertThat(BoundingSet.dropped().named())
                .doesNotContain(
                        Capability.CAP_SYS_ADMIN,
                        Capability.CAP_NET_ADMIN,
                        Capability.CAP_NET_RAW,
                        Capability.CAP_SYS_BOOT,
                        Capability.CAP_SYS_CHROOT,
                        Capability.CAP_SYS_PTRACE,
                        Capability.CAP_SYS_NICE,
                        Capability.CAP_IPC_LOCK,
                        Capability.CAP_SETFCAP,
                        Capability.CAP_MKNOD,
                        Capability.CAP_AUDIT_WRITE);
    }

    @Test
    void setsReadWhatTheKernelPrints() {
        CapabilitySet all = CapabilitySet.ofHex("000001ffffffffff");
        assertThat(all.named()).containsExactly(Capability.values());
        assertThat(all.without(CapabilitySet.of(Capability.CAP_SYS_TIME)).contains(Capability.CAP_SYS_TIME))
                .isFalse();
        assertThat(CapabilitySet.of(Capability.CAP_SYS_TIME, Capability.CAP_KILL))
                .hasToString("CAP_KILL CAP_SYS_TIME");
        assertThat(CapabilitySet.NONE.named()).isEmpty();
    }

    @Test
    void aCapabilityWithoutANameIsKept() {
        assertThat(CapabilitySet.ofHex("8000000000000000")
                        .without(BoundingSet.dropped())
                        .bits())
                .isEqualTo(Long.MIN_VALUE);
    }
}
