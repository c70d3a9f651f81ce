// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class InitSystemTest {
    @Test
    void theProgramBehindInitDecidesHowItIsHalted() {
        assertThat(InitSystem.ofProgram("/x/usr/lib/systemd/systemd").haltSignal())
                .isEqualTo(37);
        assertThat(InitSystem.ofProgram("/x/bin/busybox").haltSignal()).isEqualTo(12);
        assertThat(InitSystem.ofProgram("/x/sbin/init").haltSignal()).isEqualTo(30);
        assertThat(InitSystem.ofProgram("/x/sbin/openrc-init")).isEqualTo(InitSystem.OPENRC);
        assertThat(InitSystem.ofProgram("/x/sbin/dinit")).isEqualTo(InitSystem.UNKNOWN);
    }
}
