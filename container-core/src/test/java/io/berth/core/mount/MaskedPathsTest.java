// SPDX-License-Identifier: Apache-2.0
package io.berth.core.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.mount.MaskedPaths.Masked;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import org.junit.jupiter.api.Test;

class MaskedPathsTest {
    @Test
    void everyPathIsTheKernelsOwnAndHasAReason() {
        assertThat(MaskedPaths.MASKED)
                .allMatch(masked -> masked.path().matches("/(proc|sys)/[a-z0-9_/-]+"))
                .noneMatch(masked -> masked.reason().isBlank());
        assertThat(MaskedPaths.MASKED).extracting(Masked::path).doesNotHaveDuplicates();
    }

    @Test
    void uncoveredOnesAreKeptBeforeAnythingIsMasked() {
        String steps = steps();
        assertThat(steps.indexOf("/dev/.berth/proc")).isLessThan(steps.indexOf("/proc/interrupts"));
        assertThat(steps.indexOf("/dev/.berth/sys")).isLessThan(steps.indexOf("/sys/firmware"));
    }

    @Test
    void whatAKernelLacksIsPassedOver() {
        assertThat(steps().lines().filter(step -> step.contains("/proc/scsi")))
                .isNotEmpty()
                .allMatch(step -> step.contains("ENOENT"));
    }

    private static String steps() {
        PlanBuilder plan = Plan.builder("masks");
        MaskedPaths.apply(plan);
        return plan.end(0).build().describe();
    }
}
